using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Storage.Sqlite.Verbs;

namespace Weft.Storage.Sqlite;

/// <summary>Modules lie in the same file as the tasks: one backup has both.</summary>
public sealed partial class SqliteTaskStore : IModuleStore
{
    public Task<ModuleUploadId> BeginUploadAsync(ModuleKind kind, string? name) =>
        _writer.RunAsync(SqliteUrgency.Submit, unit => ModuleVerb.Begin(unit, kind, name));

    public Task AppendAsync(ModuleUploadId upload, int index, ReadOnlyMemory<byte> chunk) =>
        _writer.RunAsync(SqliteUrgency.Submit, unit => ModuleVerb.Append(unit, upload, index, chunk));

    public Task<ModuleSealed> SealAsync(ModuleUploadId upload, ModuleHash hash, long size) =>
        _writer.RunAsync(SqliteUrgency.Settle, unit => ModuleVerb.Seal(unit, upload, hash, size));

    public Task DropUploadAsync(ModuleUploadId upload) =>
        _writer.RunAsync(SqliteUrgency.Settle, unit => ModuleVerb.Drop(unit, upload));

    public Task<StoredModule?> FindAsync(ModuleHash hash) => _readers.RunAsync(hash, SqliteModuleReads.Find);

    public Task<ReadOnlyMemory<byte>?> ReadChunkAsync(ModuleHash hash, int index) => _readers.RunAsync((hash, index), SqliteModuleReads.ReadChunk);

    Task<IReadOnlyList<StoredModule>> IModuleStore.ListAsync() => _readers.RunAsync((object?)null, SqliteModuleReads.List);

    public Task<ModuleDeletion> DeleteAsync(ModuleHash hash) =>
        _writer.RunAsync(SqliteUrgency.Settle, unit => ModuleVerb.Delete(unit, hash));

    public Task<bool> SetQueueModuleAsync(string queue, ModuleCall? call) =>
        _writer.RunAsync(SqliteUrgency.Settle, unit => ModuleVerb.SetOfQueue(unit, queue, call));

    public Task<IReadOnlyDictionary<string, ModuleCall>> ListQueueModulesAsync() =>
        _readers.RunAsync((object?)null, SqliteModuleReads.ListQueues);
}
