using Weft.Core.Storage;
using Weft.Storage.Engine;

namespace Weft.Storage.Sqlite;

/// <summary>
/// The embedded engine: one SQLite file, one writer thread, and parallel readers. Operations that change something go
/// through the writer; the others read snapshots.
/// </summary>
public sealed class SqliteTaskStore : TaskStore
{
    // Probes give up after a few more seconds.
    private static readonly TimeSpan HealthTimeMax = TimeSpan.FromSeconds(3);

    private readonly SqliteFolderLock _lock;
    private readonly SqliteWriter _writer;
    private readonly SqliteReaders _readers;
    private readonly SqliteLanes _lanes = new();
    private readonly SqliteStoreOptions _options;

    private SqliteTaskStore(SqliteFolderLock folderLock, SqliteStoreOptions options)
    {
        _lock = folderLock;
        _options = options;
        var connection = SqliteDatabase.OpenWriter(options.Folder, out var upgrade);
        Upgrade = upgrade;
        try
        {
            // A check that was created just now.
            folderLock.HoldDatabase();
        }
        catch
        {
            connection.Dispose();
            throw;
        }

        Recent = new(options.Time);
        _writer = new(connection, _lanes, Recent, options) { Committed = Announce };
        _readers = new(
            () => SqliteDatabase.OpenReader(options.Folder), _lanes, max: Math.Max(2, Environment.ProcessorCount),
            _writer.Abandon);
        Reads = new(_readers);
    }

    public override Task Ended => _writer.Ended;

    private protected override StoreReads Reads { get; }

    private protected override RecentResultCache Recent { get; }

    /// <summary>Opens the store of a folder, and makes it when there is none.</summary>
    /// <exception cref="StoreException">
    /// The folder is in use, can't be written, or holds something that isn't ours or is newer.
    /// </exception>
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

    public override Task<StoreException?> CheckHealthAsync() => _writer.DiskSpace.HasSpace()
        ? ProbeAsync(HealthTimeMax, _options.Time,
            $"The disk has not finished a write for {HealthTimeMax.TotalSeconds} s.")
        : Task.FromResult<StoreException?>(DiskFull());

    public override StoreException? KnownTrouble => _writer.DiskSpace.IsExhausted ? DiskFull() : null;

    public override string Engine => "sqlite";

    public override async Task<StoreGauges> ReadGaugesAsync()
    {
        var lanes = _lanes.ListReadyLanes();
        return new(
            _lanes.CountQueues(), _lanes.ListReady(), _writer.Waiting, _options.QueueMax,
            SqliteDatabase.FilesOf(_options.Folder))
        {
            // The rest is in memory; if nothing is ready there is nothing to query.
            OldestReady = lanes.Count > 0
                ? await Reads.ListOldestReadyAsync(lanes)
                : new Dictionary<string, DateTimeOffset>(),
            Webhooks = await Webhooks.CountBacklogAsync(),
        };
    }

    public override async ValueTask DisposeAsync()
    {
        // A disk failure has been reported through Ended; closing has nothing to add.
        await _writer.StopAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _readers.DisposeAsync();
        Reads.Dispose();
        _lock.Dispose();
    }

    private static StoreException DiskFull() =>
        new(StoreErrorKind.Full, "The coordinator's disk is full.");

    internal override Task<T> RunAsync<T>(StoreOperation<T> operation, Admission admission) =>
        _writer.RunAsync(operation, admission);
}
