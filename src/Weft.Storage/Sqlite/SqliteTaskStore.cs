using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Sqlite.Verbs;

namespace Weft.Storage.Sqlite;

/// <summary>
/// The embedded engine: one SQLite file, one writer's thread, readers beside it.
/// Verbs that change something go through the writer; the others read snapshots.
/// </summary>
public sealed partial class SqliteTaskStore : ITaskStore, IStoreHealth
{
    // Probes give up after a few seconds more.
    private static readonly TimeSpan HealthTimeMax = TimeSpan.FromSeconds(3);

    private const int ShortBytesMax = 16 << 10;

    private readonly SqliteFolderLock _lock;
    private readonly SqliteWriter _writer;
    private readonly SqliteReaders _readers;
    private readonly SqliteReads _reads;
    private readonly SqliteRecentResults _recent = new();
    private readonly TimeProvider _time;

    private SqliteTaskStore(SqliteFolderLock folderLock, SqliteStoreOptions options)
    {
        _lock = folderLock;
        _time = options.Time;
        var lanes = new SqliteLanes();
        _writer = new(SqliteDatabase.OpenWriter(options.Folder), lanes, _recent, options) { Committed = Announce };
        _readers = new(() => SqliteDatabase.OpenReader(options.Folder), max: Math.Max(2, Environment.ProcessorCount), _writer.Abandon);
        _reads = new(lanes);
        Tokens = new SqliteTokenStore(_writer, _readers);
    }

    public event Action<ReadyTasks>? BecameReady;

    public event Action<IReadOnlyList<TaskId>>? Finished;

    /// <summary>The tokens of the same folder; it closes with the tasks.</summary>
    public ITokenStore Tokens { get; }

    /// <summary>Ends when the store has closed; faulted with one line for people when the disk failed it.</summary>
    public Task Ended => _writer.Ended;

    /// <summary>Opens the store of a folder, and makes it when there is none.</summary>
    /// <exception cref="StoreException">The folder is in use, can't be written, or holds something that isn't ours or is newer.</exception>
    public static SqliteTaskStore Open(SqliteStoreOptions options)
    {
        var folderLock = new SqliteFolderLock(options.Folder);
        try
        {
            return new(folderLock, options);
        }
        catch
        {
            folderLock.Dispose();
            throw;
        }
    }

    public Task<SubmitOutcome> SubmitAsync(Submission submission) =>
        _writer.RunAsync(SqliteUrgency.Submit, unit => SubmitVerb.Run(unit, submission), IsShort);

    public Task<IReadOnlyList<ClaimedTask>> ClaimAsync(ClaimRequest request) =>
        _writer.RunAsync(SqliteUrgency.Settle, unit => ClaimVerb.Run(unit, request), IsShort);

    public Task<IReadOnlyList<Refusal>> ApplyAsync(IReadOnlyList<TaskChange> changes) =>
        _writer.RunAsync(SqliteUrgency.Settle, unit => ApplyVerb.Run(unit, changes), IsShort);

    public Task<SettleOutcome> SettleAsync(IReadOnlyList<TaskChange> changes, ClaimRequest next) =>
        _writer.RunAsync(SqliteUrgency.Settle, unit => new SettleOutcome(ApplyVerb.Run(unit, changes), ClaimVerb.Run(unit, next)), IsShort);

    public Task<CancelProgress> CancelAsync(CancelSelection selection, int max) =>
        _writer.RunAsync(SqliteUrgency.Settle, unit => CancelVerb.Run(unit, selection, max));

    public Task<int> SweepAsync(int max) =>
        _writer.RunAsync(SqliteUrgency.Settle, unit => SweepVerb.Run(unit, max));

    public Task<int> DeleteFinishedAsync(TimeSpan age, int max) =>
        _writer.RunAsync(SqliteUrgency.Settle, unit => RetentionVerb.Run(unit, age, max));

    public Task SetPausedAsync(string queue, bool paused) =>
        _writer.RunAsync(SqliteUrgency.Settle, unit => QueueVerb.SetPaused(unit, queue, paused));

    public Task<GroupId> CreateGroupAsync(string? name, TokenId? owner = null) =>
        _writer.RunAsync(SqliteUrgency.Submit, unit => GroupVerb.Create(unit, name, owner));

    public Task<StoredTask?> FindAsync(TaskId id, TaskParts parts) =>
        (parts == TaskParts.Result ? _recent.Find(id) : null) ?? _readers.RunAsync((id, parts), _reads.Find);

    public Task<TaskPage> ListAsync(TaskFilter filter, TaskId? after, int limit) => _readers.RunAsync((filter, after, limit), _reads.List);

    public Task<IReadOnlyList<LeasedTask>> ListLeasedAsync(int max) => _readers.RunAsync(max, SqliteReads.ListLeased);

    public Task<IReadOnlyList<QueueCounts>> CountAsync() => _readers.RunAsync((object?)null, SqliteReads.Count);

    public Task<StoredGroup?> FindGroupAsync(GroupId id) => _readers.RunAsync(id, SqliteReads.FindGroup);

    public Task<GroupResultsPage> ListResultsAsync(GroupId id, ResultOrder order, long after, int limit) =>
        _readers.RunAsync((id, order, after, limit), SqliteReads.ListResults);

    public async Task<StoreException?> FindTroubleAsync()
    {
        if (!_writer.Room.IsThere()) return new(StoreTrouble.Full, "There is no room left on the coordinator's disk.");
        try
        {
            // Changes nothing, and so costs no sync; but it comes through only when the writer is at work.
            await _writer.RunAsync(SqliteUrgency.Settle, static _ => true).WaitAsync(HealthTimeMax, _time);
            return null;
        }
        catch (StoreException trouble)
        {
            return trouble;
        }
        catch (TimeoutException)
        {
            return new(StoreTrouble.Unavailable, $"The disk has not finished a write for {HealthTimeMax.TotalSeconds} s.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        // A disk that failed has been reported through Ended; closing has nothing to add.
        await _writer.StopAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _readers.DisposeAsync();
        _lock.Dispose();
    }

    // One task at a time: a caller with many has a long answer to write.
    private static bool IsShort(SubmitOutcome outcome) => outcome.Ids.Count <= 1;

    private static bool IsShort(IReadOnlyList<Refusal> refusals) => refusals.Count <= 1;

    private static bool IsShort(IReadOnlyList<ClaimedTask> claimed) =>
        claimed.Count == 0 || (claimed.Count == 1 && claimed[0].Payload.Bytes.Length + (claimed[0].Checkpoint?.Length ?? 0) <= ShortBytesMax);

    private static bool IsShort(SettleOutcome outcome) => IsShort(outcome.Refusals) && IsShort(outcome.Claimed);

    private void Announce(IReadOnlyList<ReadyTasks> ready, IReadOnlyList<TaskId> finished)
    {
        foreach (var tasks in ready) BecameReady?.Invoke(tasks);
        if (finished.Count > 0) Finished?.Invoke(finished);
    }
}
