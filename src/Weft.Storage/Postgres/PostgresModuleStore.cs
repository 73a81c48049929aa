using Weft.Core.Modules;
using Weft.Core.Storage;

namespace Weft.Storage.Postgres;

/// <summary>Modules are not kept in PostgreSQL yet: there are none, and whoever brings one is told so.</summary>
internal sealed class PostgresModuleStore : IModuleStore
{
    public Task<ModuleUploadId> BeginUploadAsync(ModuleKind kind, string? name) => Task.FromException<ModuleUploadId>(NotYet());

    public Task AppendAsync(ModuleUploadId upload, int index, ReadOnlyMemory<byte> chunk) => Task.FromException(NotYet());

    public Task<ModuleSealed> SealAsync(ModuleUploadId upload, ModuleHash hash, long size) => Task.FromException<ModuleSealed>(NotYet());

    public Task DropUploadAsync(ModuleUploadId upload) => Task.CompletedTask;

    public Task<StoredModule?> FindAsync(ModuleHash hash) => Task.FromResult<StoredModule?>(null);

    public Task<ReadOnlyMemory<byte>?> ReadChunkAsync(ModuleHash hash, int index) => Task.FromResult<ReadOnlyMemory<byte>?>(null);

    public Task<IReadOnlyList<StoredModule>> ListAsync() => Task.FromResult<IReadOnlyList<StoredModule>>([]);

    public Task<ModuleDeletion> DeleteAsync(ModuleHash hash) => Task.FromResult(ModuleDeletion.NotFound);

    public Task<bool> SetQueueModuleAsync(string queue, ModuleCall? call) => Task.FromResult(call is null);

    public Task<IReadOnlyDictionary<string, ModuleCall>> ListQueueModulesAsync() =>
        Task.FromResult<IReadOnlyDictionary<string, ModuleCall>>(new Dictionary<string, ModuleCall>());

    private static StoreException NotYet() => new(StoreTrouble.Unavailable, "A store on PostgreSQL keeps no modules yet.");
}
