using Weft.Core.Access;
using Weft.Core.Modules;
using Weft.Core.Storage;

namespace Weft.Core.UseCases;

/// <summary>Reads and deletes blobs. Those that the caller may not see count as absent.</summary>
public sealed class StoredBlobs(IBlobStore blobs, IModuleStore modules)
{
    /// <summary>A worker gets any blob, by the hash that its task names; a submitter only its own.</summary>
    public Task<StoredModule?> FindAsync(Caller caller, ModuleHash hash) =>
        blobs.FindAsync(hash, caller.Has(Scope.Work) ? null : caller.SeesOnly);

    /// <summary>A page of what the caller sees; the number of its last one goes on behind it.</summary>
    public Task<IReadOnlyList<(long Number, StoredModule Blob)>> ListAsync(Caller caller, long after, int limit) =>
        blobs.ListAsync(caller.SeesOnly, after, limit);

    public Task<ModuleDeletion> DeleteAsync(Caller caller, ModuleHash hash) =>
        blobs.DeleteAsync(hash, caller.ChangesOnly);

    /// <summary>The bytes of a blob that was found, read from the store a chunk at a time.</summary>
    public Stream Open(StoredModule blob) => new ModuleStream(modules, blob.Hash, blob.Size);
}
