using Weft.Core.Events;
using Weft.Core.Metrics;
using Weft.Core.Storage;
using Weft.Storage.Engine;
using Weft.Storage.Postgres;
using Weft.Storage.Sqlite;

namespace Weft.Serve;

/// <summary>A coordinator's store, whichever engine keeps it.</summary>
/// <param name="Tasks">Closes the others with itself.</param>
/// <param name="Verification">Answers that must be checked.</param>
/// <param name="Tokens">The tokens.</param>
/// <param name="Modules">What workers in browsers run.</param>
/// <param name="Blobs">The files that tasks name.</param>
/// <param name="Bulk">Operations on many tasks.</param>
/// <param name="Audit">Who did what.</param>
/// <param name="Webhooks">Who is told of what.</param>
/// <param name="Samples">What was watched, by the minute.</param>
/// <param name="Board">The names that volunteers gave.</param>
/// <param name="Workers">What other coordinators on it see; null where there can't be any.</param>
/// <param name="Health">Whether changes are accepted now.</param>
/// <param name="Gauges">What it tells of itself.</param>
/// <param name="Ended">Ends when the store has closed; faulted with one line for people when it failed for
/// good.</param>
/// <param name="Place">Where data is stored, for people.</param>
/// <param name="Upgrade">What this start did to an older store's schema; null for nothing.</param>
internal sealed record CoordinatorStore(
    ITaskStore Tasks, IVerificationStore Verification, ITokenStore Tokens, IModuleStore Modules, IBlobStore Blobs,
    IBulkStore Bulk, IAuditStore Audit, IWebhookStore Webhooks, ISampleStore Samples, IBoardStore Board,
    IWorkerBoard? Workers,
    IStoreHealth Health, IStoreGauges Gauges, Task Ended, string Place, SchemaUpgrade? Upgrade)
{
    /// <exception cref="StoreException">It can't be opened.</exception>
    /// <exception cref="CommandLine.CommandFailure">The data folder is not to be trusted.</exception>
    public static Task<CoordinatorStore> OpenAsync(
        ServeOptions options, TimeProvider time, StoreMeter meter, EventLog events) =>
        options.Store is { } connectionString
            ? OpenPostgresAsync(connectionString, options, time, meter, events)
            : Task.FromResult(OpenSqlite(options, time, meter, events));

    private static CoordinatorStore OpenSqlite(
        ServeOptions options, TimeProvider time, StoreMeter meter, EventLog events)
    {
        DataFolder.Prepare(options.Data);
        var store = SqliteTaskStore.Open(new()
        {
            Folder = options.Data,
            Time = time,
            LeaseTimeDefault = options.LeaseTime,
            OwnerMax = options.Bounds.OwnerMax,
            OwnerBounds = options.Bounds.OwnerBounds,
            Meter = meter,
            Events = events,
            AnswersOnWriter = SocketThreads.IsOneEnough(options),
        });
        return new(
            store, store.Verification, store.Tokens, store.Modules, store.Blobs, store.Bulk, store.Audit,
            store.Webhooks, store.Samples, store.Board, Workers: null, store, store, store.Ended,
            Path.GetFullPath(options.Data), store.Upgrade);
    }

    private static async Task<CoordinatorStore> OpenPostgresAsync(
        string connectionString, ServeOptions options, TimeProvider time, StoreMeter meter, EventLog events)
    {
        var store = await PostgresTaskStore.OpenAsync(new()
        {
            ConnectionString = connectionString,
            Time = time,
            LeaseTimeDefault = options.LeaseTime,
            OwnerMax = options.Bounds.OwnerMax,
            OwnerBounds = options.Bounds.OwnerBounds,
            Meter = meter,
            Events = events,
        });
        return new(
            store, store.Verification, store.Tokens, store.Modules, store.Blobs, store.Bulk, store.Audit,
            store.Webhooks, store.Samples, store.Board, store.Workers, store, store, store.Ended, store.Place,
            store.Upgrade);
    }
}
