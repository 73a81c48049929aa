using System.Net.Sockets;
using Npgsql;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Engine;

namespace Weft.Storage.Postgres;

/// <summary>
/// The engine that many coordinators can share: a PostgreSQL database, a few connections that write micro-batches,
/// pooled ones that read. Every decision is made by the rules of <see cref="TaskLife"/> on locked rows.
/// </summary>
public sealed class PostgresTaskStore : TaskStore
{
    private const int RowsEnough = 1_000;

    // Another coordinator may delete what was completed here.
    private static readonly TimeSpan RecentTimeMax = TimeSpan.FromSeconds(2);

    private readonly PostgresConnections _connections;
    private readonly SharedLanes _lanes = new();
    private readonly OperationQueue _queue;
    private readonly WriterGate _gate = new();
    private readonly LeaseCache _leases = new();
    private readonly PostgresWriter[] _writers;
    private readonly OperationTimeouts _timeouts;
    private readonly PostgresStoreOptions _options;
    private readonly PostgresNotificationSender _sender;
    private readonly PostgresListener _listener;
    private readonly Task _written;
    private bool _closing;

    private PostgresTaskStore(PostgresConnections connections, PostgresStoreOptions options)
    {
        _options = options;
        _connections = connections;
        _queue = new(options.QueueMax, RowsEnough);
        Recent = new(options.Time, RecentTimeMax);
        var readers = new PostgresReaders(connections, _lanes, options);
        Reads = new(readers);
        Workers = new PostgresWorkerBoard(readers);
        _writers = [.. Enumerable.Range(0, options.Writers).Select(_ => MakeWriter())];
        _sender = new(connections);
        _listener = new(connections, _lanes, _sender, options) { Heard = Announce };
        _timeouts = new(_queue, _writers, options.OperationTimeMax, options.Time);
        _written = Task.WhenAll(_writers.Select(static writer => Task.Run(writer.RunAsync)));

        PostgresWriter MakeWriter() =>
            new(connections, _queue, _gate, _lanes, Recent, _leases, options) { Committed = AnnounceOwn };
    }

    /// <summary>The workers that the coordinators on this database see.</summary>
    public IWorkerBoard Workers { get; }

    /// <summary>The store's location, human-readable: hosts and database, nothing secret.</summary>
    public string Place => PostgresDatabase.Describe(_options.ConnectionString);

    /// <summary>
    /// Completes when the store has closed. A lost database may come back, so it doesn't complete this.
    /// </summary>
    public override Task Ended => _written;

    private protected override StoreReads Reads { get; }

    private protected override RecentResultCache Recent { get; }

    /// <summary>Opens the store of a database, and makes its tables when there are none.</summary>
    /// <exception cref="StoreException">
    /// The database can't be reached, is newer, or holds something that isn't ours.
    /// </exception>
    public static async Task<PostgresTaskStore> OpenAsync(PostgresStoreOptions options)
    {
        var connections = new PostgresConnections(options);
        try
        {
            await using var connection = await connections.OpenAloneAsync();
            PostgresDatabase.CheckVersion(connection);
            await PostgresDatabase.RefusePoolerAsync(connection);
            var upgrade = await PostgresMigrations.RunAsync(connection);
            await RefuseHalfMovedAsync(connection);
            var store = new PostgresTaskStore(connections, options) { Upgrade = upgrade };
            var provisioner = new LaneProvisioner(store._lanes, PostgresSql.Own);
            await provisioner.RefreshAsync(new PostgresRoundTrip(connection));
            return store;
        }
        catch (Exception exception)
        {
            await connections.DisposeAsync();
            if (exception is StoreException) throw;
            if (exception is PostgresException or NpgsqlException or SocketException or TimeoutException)
            {
                throw PostgresErrorClassifier.Unusable(
                    $"{PostgresDatabase.Describe(options.ConnectionString)} can't be opened: " +
                    PostgresErrorClassifier.OneLine(exception).TrimEnd('.'),
                    exception);
            }

            throw;
        }
    }

    public override string Engine => "postgres";

    /// <summary>By a query: only the database knows its own size.</summary>
    public override async Task<StoreGauges> ReadGaugesAsync() =>
        new(await Reads.CountAsync(), await Reads.ListReadyAsync(), _queue.Count, _options.QueueMax)
        {
            OldestReady = await Reads.ListOldestReadyAsync(await Reads.ListReadyLanesAsync()),
            Webhooks = await Webhooks.CountBacklogAsync(),
        };

    /// <summary>By a transaction on the primary.</summary>
    public override Task<StoreException?> CheckHealthAsync() =>
        ProbeAsync(_options.OperationTimeMax, _options.Time, "The database does not answer.");

    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closing, true)) return;
        _queue.Close();
        await _written;
        _gate.Dispose();
        await _timeouts.DisposeAsync();
        await _sender.DisposeAsync();
        await _listener.DisposeAsync();
        await _connections.DisposeAsync();
        Reads.Dispose();
    }

    internal override Task<T> RunAsync<T>(StoreOperation<T> operation, Admission admission)
    {
        operation.QueuedAt = _options.Time.GetTimestamp();
        operation.MeteredAt = _options.Meter.Now;
        return _queue.RunAsync(operation, admission);
    }

    private static async Task RefuseHalfMovedAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(PostgresSql.SelectIsMoving, connection);
        if (await command.ExecuteScalarAsync() is true)
        {
            throw PostgresErrorClassifier.Unusable(
                "The database holds a store that is only partly migrated: " +
                "run 'weft migrate' again to finish");
        }
    }

    private void AnnounceOwn(CommitNews news)
    {
        Announce(news);
        _sender.Tell(news);
    }
}
