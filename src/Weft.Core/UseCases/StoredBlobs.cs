using Weft.Core.Access;
using Weft.Core.Modules;
using Weft.Core.Storage;

namespace Weft.Core.UseCases;

/// <summary>Reads and deletes blobs. Those that the caller may not see are treated as absent.</summary>
public sealed class StoredBlobs(IBlobStore blobs, IModuleStore modules)
{
    /// <summary>
    /// A worker may get any blob by its hash, which it knows from its task; a submitter only its own.
    /// </summary>
    public Task<StoredModule?> FindAsync(Caller caller, ModuleHash hash) =>
        blobs.FindAsync(hash, caller.Has(Scope.Work) ? null : caller.SeesOnly);

    /// <summary>
    /// One page of the blobs that the caller may see. Pass the last blob's number as <c>after</c> to get the next page.
    /// </summary>
    public Task<IReadOnlyList<(long Number, StoredModule Blob)>> ListAsync(Caller caller, long after, int limit) =>
        blobs.ListAsync(caller.SeesOnly, after, limit);

    public Task<ModuleDeletion> DeleteAsync(Caller caller, ModuleHash hash) =>
        blobs.DeleteAsync(hash, caller.ChangesOnly);

    /// <summary>The bytes of an existing blob, read from the store a chunk at a time.</summary>
    public Stream Open(StoredModule blob) => new ModuleStream(modules, blob.Hash, blob.Size);
}
