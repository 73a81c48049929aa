using Weft.Core.Events;
using Weft.Core.Metrics;
using Weft.Core.Storage;
using Weft.Storage.Engine;
using Weft.Storage.Postgres;
using Weft.Storage.Sqlite;

namespace Weft.Serve;

/// <summary>A coordinator's store, whichever engine it uses.</summary>
/// <param name="Tasks">Closes the others with itself.</param>
/// <param name="Verification">Answers that must be checked.</param>
/// <param name="Tokens">The tokens.</param>
/// <param name="Modules">The modules that workers run.</param>
/// <param name="Blobs">The files that tasks name.</param>
/// <param name="Bulk">Bulk operations.</param>
/// <param name="Audit">The audit log.</param>
/// <param name="Webhooks">The webhooks.</param>
/// <param name="Samples">The metrics' history, by the minute.</param>
/// <param name="Board">The names of volunteers.</param>
/// <param name="Workers">The workers that other coordinators see; null if there can't be any others.</param>
/// <param name="Health">Whether changes are currently accepted.</param>
/// <param name="Gauges">The store's own metrics.</param>
/// <param name="Ended">Completes when the store has closed; faulted with a human-readable line if it failed
/// permanently.</param>
/// <param name="Place">Where data is stored, human-readable.</param>
/// <param name="Upgrade">The schema upgrade of an older store at this start; null for none.</param>
internal sealed record CoordinatorStore(
    ITaskStore Tasks, IVerificationStore Verification, ITokenStore Tokens, IModuleStore Modules, IBlobStore Blobs,
    IBulkStore Bulk, IAuditStore Audit, IWebhookStore Webhooks, ISampleStore Samples, IBoardStore Board,
    IWorkerBoard? Workers,
    IStoreHealth Health, IStoreGauges Gauges, Task Ended, string Place, SchemaUpgrade? Upgrade)
{
    /// <exception cref="StoreException">The store can't be opened.</exception>
    /// <exception cref="CommandLine.CommandFailure">The data folder can't be trusted.</exception>
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
