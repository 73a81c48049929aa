using Npgsql;
using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Storage.Postgres.Verbs;

namespace Weft.Storage.Postgres;

/// <summary>The modules, in the same database as the tasks, so that every coordinator has them as soon as one was given them.</summary>
internal sealed class PostgresModuleStore(PostgresTaskStore store, PostgresReaders readers) : IModuleStore
{
    public Task<ModuleUploadId> BeginUploadAsync(ModuleKind kind, string? name) => store.RunAsync(new BeginUploadOperation(kind, name), PostgresUrgency.Submit);

    public async Task AppendAsync(ModuleUploadId upload, int index, ReadOnlyMemory<byte> chunk)
    {
        // The caller uses its buffer again after the answer; an operation that was given up on may still look at its own.
        if (!await store.RunAsync(new AppendOperation(upload, index, chunk.ToArray()), PostgresUrgency.Submit))
        {
            throw new StoreException(StoreTrouble.Unavailable, "The module took too long to arrive: what had come was dropped.");
        }
    }

    public Task<ModuleSealed> SealAsync(ModuleUploadId upload, ModuleHash hash, long size) =>
        store.RunAsync(new SealOperation(upload, hash, size), PostgresUrgency.Settle);

    public Task DropUploadAsync(ModuleUploadId upload) => store.RunAsync(new DropUploadOperation(upload), PostgresUrgency.Settle);

    public Task<StoredModule?> FindAsync(ModuleHash hash) => readers.RunAsync(hash, static async (connection, hash) =>
        (await ReadAllAsync(connection, PostgresSql.SelectModule, Read, command => command.With(hash.ToString()))).FirstOrDefault());

    public Task<ReadOnlyMemory<byte>?> ReadChunkAsync(ModuleHash hash, int index) => readers.RunAsync((Hash: hash, Index: index), static async (connection, asked) =>
        (await ReadAllAsync(connection, PostgresSql.SelectChunk, static row => PostgresRows.BytesOrNull(row, 0), command => command.With(asked.Hash.ToString()).With(asked.Index))).FirstOrDefault());

    public Task<IReadOnlyList<StoredModule>> ListAsync() => readers.RunAsync((object?)null, static async (connection, _) =>
        (IReadOnlyList<StoredModule>)await ReadAllAsync(connection, PostgresSql.SelectModules, Read, static _ => { }));

    public Task<ModuleDeletion> DeleteAsync(ModuleHash hash) => store.RunAsync(new DeleteModuleOperation(hash), PostgresUrgency.Settle);

    public Task<bool> SetQueueModuleAsync(string queue, ModuleCall? call) => store.RunAsync(new SetQueueModuleOperation(queue, call), PostgresUrgency.Settle);

    public Task<IReadOnlyDictionary<string, ModuleCall>> ListQueueModulesAsync() => readers.RunAsync((object?)null, static async (connection, _) =>
        (IReadOnlyDictionary<string, ModuleCall>)(await ReadAllAsync(connection, PostgresSql.SelectQueueModules, static row => (Queue: row.GetString(0), Call: ReadCall(row)), static _ => { }))
            .ToDictionary(static pair => pair.Queue, static pair => pair.Call, StringComparer.Ordinal));

    /// <summary>A row of <see cref="PostgresSql.SelectModule"/>.</summary>
    public static StoredModule Read(NpgsqlDataReader row) => new(
        ModuleHash.Parse(row.GetString(0)), (ModuleKind)row.GetInt16(1), row.GetInt64(2), PostgresRows.TextOrNull(row, 3), PostgresRows.Time(row.GetInt64(4)), row.GetBoolean(5));

    /// <summary>A module's hash and how to run it, behind what says who runs it.</summary>
    public static ModuleCall ReadCall(NpgsqlDataReader row) => new(ModuleHash.Parse(row.GetString(1)), PostgresRows.BytesOrNull(row, 2));

    private static async Task<List<T>> ReadAllAsync<T>(NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, Action<NpgsqlBatchCommand> bind)
    {
        var rows = new List<T>();
        await using var trip = new PostgresTrip(connection);
        bind(trip.Ask(sql, row => rows.Add(read(row))));
        await trip.GoAsync();
        return rows;
    }
}
