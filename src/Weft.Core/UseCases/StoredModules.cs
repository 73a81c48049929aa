using Weft.Core.Access;
using Weft.Core.Modules;
using Weft.Core.Storage;

namespace Weft.Core.UseCases;

/// <summary>Reads and deletes modules. Those that the caller may not see are treated as absent.</summary>
public sealed class StoredModules(IModuleStore store)
{
    /// <summary>
    /// A worker may get any module by its hash, which it knows from its task; a submitter only its own.
    /// </summary>
    public async Task<StoredModule?> FindAsync(Caller caller, ModuleHash hash) =>
        await store.FindAsync(hash,
            caller.Has(Scope.Work) ? null : caller.SeesOnly) is { Kind: not ModuleKind.Data } found
            ? found
            : null;

    public Task<IReadOnlyList<StoredModule>> ListAsync(Caller caller) => store.ListAsync(caller.SeesOnly);

    public Task<ModuleDeletion> DeleteAsync(Caller caller, ModuleHash hash) =>
        store.DeleteAsync(hash, caller.ChangesOnly);

    /// <summary>The bytes of an existing module, read from the store a chunk at a time.</summary>
    public Stream Open(StoredModule module) => new ModuleStream(store, module.Hash, module.Size);
}
