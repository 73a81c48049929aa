using Npgsql;
using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Postgres.Verbs;

namespace Weft.Storage.Postgres;

/// <summary>
/// The engine that many coordinators share: a PostgreSQL database, a few connections that write micro-batches, pooled ones that read.
/// Every decision is made by the rules of <see cref="TaskLife"/> on rows that are locked for it.
/// </summary>
public sealed class PostgresTaskStore : ITaskStore, IStoreHealth
{
    private readonly PostgresConnections _connections;
    private readonly PostgresLanes _lanes = new();
    private readonly PostgresQueue _queue;
    private readonly PostgresTurn _turn = new();
    private readonly PostgresRecentResults _recent;
    private readonly PostgresRememberedLeases _leases = new();
    private readonly PostgresWriter[] _writers;
    private readonly PostgresReaders _readers;
    private readonly PostgresReads _reads;
    private readonly PostgresPatience _patience;
    private readonly PostgresStoreOptions _options;
    private readonly PostgresTeller _teller;
    private readonly PostgresListener _listener;
    private readonly Task _written;
    private bool _closing;

    private PostgresTaskStore(PostgresConnections connections, PostgresStoreOptions options)
    {
        _options = options;
        _connections = connections;
        _queue = new(options.QueueMax);
        _recent = new(options.Time);
        _readers = new(connections, _lanes, options);
        _reads = new(_lanes);
        Tokens = new PostgresTokenStore(this, _readers);
        Modules = new PostgresModuleStore(this, _readers);
        Workers = new PostgresWorkerBoard(_readers);
        _writers = [.. Enumerable.Range(0, options.Writers).Select(_ => new PostgresWriter(connections, _queue, _turn, _lanes, _recent, _leases, options) { Committed = AnnounceOwn })];
        _teller = new(connections);
        _listener = new(connections, _lanes, _teller, options) { Heard = Announce };
        _patience = new(_queue, _writers, options);
        _written = Task.WhenAll(_writers.Select(static writer => Task.Run(writer.RunAsync)));
    }

    public event Action<ReadyTasks>? BecameReady;

    public event Action<IReadOnlyList<TaskId>>? Finished;

    /// <summary>The tokens of the same database; it closes with the tasks.</summary>
    public ITokenStore Tokens { get; }

    /// <summary>The modules of the same database; they close with the tasks.</summary>
    public IModuleStore Modules { get; }

    /// <summary>What the coordinators on this database see of workers.</summary>
    public IWorkerBoard Workers { get; }

    /// <summary>Where it is, for people: hosts and database, nothing secret.</summary>
    public string Place => PostgresDatabase.Describe(_options.ConnectionString);

    /// <summary>Ends when the store has closed. A database that is lost may come back, so that it ends nothing.</summary>
    public Task Ended => _written;

    /// <summary>Opens the store of a database, and makes its tables when there are none.</summary>
    /// <exception cref="StoreException">The database can't be reached, is newer, or holds something that isn't ours.</exception>
    public static async Task<PostgresTaskStore> OpenAsync(PostgresStoreOptions options)
    {
        var connections = new PostgresConnections(options);
        try
        {
            await using var connection = await connections.OpenAloneAsync();
            PostgresDatabase.CheckVersion(connection);
            await PostgresMigrations.RunAsync(connection);
            await RefuseHalfMovedAsync(connection);
            var store = new PostgresTaskStore(connections, options);
            await PostgresLaneBook.RefreshAsync(connection, store._lanes);
            return store;
        }
        catch (Exception exception)
        {
            await connections.DisposeAsync();
            if (exception is StoreException) throw;
            if (exception is PostgresException or NpgsqlException or System.Net.Sockets.SocketException or TimeoutException)
            {
                throw PostgresTrouble.Unusable($"{PostgresDatabase.Describe(options.ConnectionString)} can't be opened: {PostgresTrouble.OneLine(exception).TrimEnd('.')}", exception);
            }

            throw;
        }
    }

    public Task<SubmitOutcome> SubmitAsync(Submission submission) => RunAsync(new SubmitOperation(submission, _lanes), PostgresUrgency.Submit);

    public Task<IReadOnlyList<ClaimedTask>> ClaimAsync(ClaimRequest request) => RunAsync(new ClaimOperation(request), PostgresUrgency.Settle);

    public async Task<IReadOnlyList<Refusal>> ApplyAsync(IReadOnlyList<TaskChange> changes) =>
        (await RunAsync(new ApplyOperation(changes, null, _leases), PostgresUrgency.Settle)).Refusals;

    public Task<SettleOutcome> SettleAsync(IReadOnlyList<TaskChange> changes, ClaimRequest next) =>
        RunAsync(new ApplyOperation(changes, next, _leases), PostgresUrgency.Settle);

    public Task<CancelProgress> CancelAsync(CancelSelection selection, int max) => RunAsync(new CancelOperation(selection, _lanes, max), PostgresUrgency.Settle);

    public Task<int> SweepAsync(int max) => RunAsync(new SweepOperation(max), PostgresUrgency.Settle);

    public Task<int> DeleteFinishedAsync(TimeSpan age, int max) => RunAsync(new RetentionOperation(age, max), PostgresUrgency.Settle);

    public Task SetPausedAsync(string queue, bool paused) => RunAsync(new QueueOperation(queue, paused), PostgresUrgency.Settle);

    public Task<GroupId> CreateGroupAsync(string? name, TokenId? owner = null) => RunAsync(new GroupOperation(name, owner), PostgresUrgency.Submit);

    public Task<StoredTask?> FindAsync(TaskId id, TaskParts parts) =>
        (parts == TaskParts.Result ? _recent.Find(id) : null) ?? _readers.RunAsync((id, parts), _reads.FindAsync);

    public Task<TaskPage> ListAsync(TaskFilter filter, TaskId? after, int limit) => _readers.RunAsync((filter, after, limit), _reads.ListAsync);

    public Task<IReadOnlyList<LeasedTask>> ListLeasedAsync(int max) => _readers.RunAsync(max, PostgresReads.ListLeasedAsync);

    public Task<IReadOnlyList<QueueCounts>> CountAsync() => _readers.RunAsync((object?)null, PostgresReads.CountAsync);

    public Task<StoredGroup?> FindGroupAsync(GroupId id) => _readers.RunAsync(id, PostgresReads.FindGroupAsync);

    public Task<GroupResultsPage> ListResultsAsync(GroupId id, ResultOrder order, long after, int limit) =>
        _readers.RunAsync((id, order, after, limit), PostgresReads.ListResultsAsync);

    public async Task<StoreException?> FindTroubleAsync()
    {
        try
        {
            // A transaction on the primary, by a writer that is at work.
            await RunAsync(new ProbeOperation(), PostgresUrgency.Settle).WaitAsync(_options.PatienceMax, _options.Time);
            return null;
        }
        catch (StoreException trouble)
        {
            return trouble;
        }
        catch (TimeoutException)
        {
            return new(StoreTrouble.Unavailable, "The database does not answer.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closing, true)) return;
        _queue.Close();
        await _written;
        _turn.Dispose();
        await _patience.DisposeAsync();
        await _teller.DisposeAsync();
        await _listener.DisposeAsync();
        await _connections.DisposeAsync();
    }

    /// <summary>Runs the operation in a transaction; completes when that is committed.</summary>
    internal Task<T> RunAsync<T>(PostgresOperation<T> operation, PostgresUrgency urgency)
    {
        operation.QueuedAt = _options.Time.GetTimestamp();
        return _queue.TryAdd(operation, urgency) ? operation.Answer : Task.FromException<T>(TurnedAway());
    }

    private static async Task RefuseHalfMovedAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(PostgresSql.SelectIsMoving, connection);
        if (await command.ExecuteScalarAsync() is true) throw PostgresTrouble.Unusable("The database holds a store that 'weft migrate' has only carried over in part: run that again, and it goes on");
    }

    private StoreException TurnedAway() => _queue.IsClosed
        ? new(StoreTrouble.Unavailable, "The store is closed.")
        : new(StoreTrouble.Overloaded, "More work is waiting to be stored than the coordinator takes on; try again in a second.");

    private void AnnounceOwn(IReadOnlyList<(PostgresLane Lane, int Count)> ready, IReadOnlyList<TaskId> finished)
    {
        Announce(ready, finished);
        _teller.Tell(ready, finished);
    }

    private void Announce(IReadOnlyList<(PostgresLane Lane, int Count)> ready, IReadOnlyList<TaskId> finished)
    {
        foreach (var (lane, count) in ready) BecameReady?.Invoke(new(lane.Queue, lane.Requires, count));
        if (finished.Count > 0) Finished?.Invoke(finished);
    }
}
