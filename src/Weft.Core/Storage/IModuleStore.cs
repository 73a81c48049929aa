using Weft.Core.Access;
using Weft.Core.Modules;

namespace Weft.Core.Storage;

/// <summary>
/// Stores modules: immutable bytes by their hash, with the tasks that run them. A module arrives in chunks and exists
/// only once it is sealed. A change is on disk when its operation returns. Each operation throws
/// <see cref="StoreException"/> when the store can't do it now.
/// </summary>
public interface IModuleStore
{
    /// <summary>
    /// Starts to receive a module. Unfinished uploads of a crashed coordinator are dropped here. Null:
    /// <paramref name="owner"/> already has <see cref="Limits.ModuleUploadsOfOwnerMax"/> uploads.
    /// </summary>
    Task<ModuleUploadId?> BeginUploadAsync(ModuleKind kind, string? name, TokenId? owner = null);

    /// <summary>
    /// Stores chunk number <paramref name="index"/>, from 0: <see cref="Limits.ModuleChunkBytes"/> bytes, only the last
    /// one fewer. The buffer may be reused after the call.
    /// </summary>
    Task AppendAsync(ModuleUploadId upload, int index, ReadOnlyMemory<byte> chunk);

    /// <summary>
    /// Creates a module from the chunks. If it already exists, the chunks are dropped, and it takes the new name, if
    /// there is one, unless it has other owners. Each owner also has its own name for it.
    /// </summary>
    /// <param name="upload">The upload.</param>
    /// <param name="hash">The hash of all its bytes.</param>
    /// <param name="size">Its total size.</param>
    /// <param name="owner">An owner of it from now on, as given at the begin; null for none.</param>
    Task<ModuleSealed> SealAsync(ModuleUploadId upload, ModuleHash hash, long size, TokenId? owner = null);

    /// <summary>Drops an upload that wasn't sealed.</summary>
    Task DropUploadAsync(ModuleUploadId upload);

    /// <summary>One module; null if it doesn't exist, or <paramref name="owner"/> isn't among its owners.</summary>
    Task<StoredModule?> FindAsync(ModuleHash hash, TokenId? owner = null);

    /// <summary>
    /// Reads a chunk of a module into a buffer, and returns its length; null if there is no such module or chunk.
    /// </summary>
    /// <param name="into">A buffer of <see cref="Limits.ModuleChunkBytes"/>, which the caller reuses.</param>
    Task<int?> ReadChunkAsync(ModuleHash hash, int index, byte[] into);

    /// <summary>
    /// All modules, or those of an owner under its own names; at most <see cref="Limits.ModulesMax"/>, oldest first.
    /// </summary>
    Task<IReadOnlyList<StoredModule>> ListAsync(TokenId? owner = null);

    /// <summary>
    /// Wheels that an owner's tasks find by the names of packages: its own, those of admins, and those that nobody
    /// owns; null: only the latter two. The newest last.
    /// </summary>
    Task<IReadOnlyList<StoredModule>> ListWheelsAsync(TokenId? owner);

    /// <summary>
    /// Deletes a module that no stored task in any state, and no queue, refers to. If others own it as well, an owner
    /// only gives up its own share.
    /// </summary>
    Task<ModuleDeletion> DeleteAsync(ModuleHash hash, TokenId? owner = null);

    /// <summary>
    /// Sets what tasks of this queue run from now on unless they name a module themselves; null: nothing.
    /// </summary>
    /// <param name="queue">The queue.</param>
    /// <param name="call">The module, or none, and how to run it.</param>
    /// <param name="files">The files for such tasks unless they name their own; null: none.</param>
    /// <returns><see cref="SubmitStatus.Stored"/>; or <see cref="SubmitStatus.ModuleNotFound"/> or
    /// <see cref="SubmitStatus.BlobNotFound"/>, in which case nothing has changed.</returns>
    Task<SubmitStatus> SetQueueModuleAsync(string queue, ModuleCall? call, FileSet? files = null);

    /// <summary>
    /// The calls of these queues, for those that have one. Each run is read whole, so callers should request few.
    /// </summary>
    Task<IReadOnlyDictionary<string, ModuleCall>> ListQueueModulesAsync(IReadOnlyCollection<string> queues);

    /// <summary>All queues with a module, each with the bytes of its run and its files' names.</summary>
    Task<IReadOnlyDictionary<string, long>> ListQueueRunSizesAsync();
}

/// <summary>An unfinished upload of a module.</summary>
public readonly record struct ModuleUploadId(long Value);

/// <param name="Name">Human-readable; null for none.</param>
/// <param name="InUse">True while a stored task or a queue names it.</param>
public sealed record StoredModule(ModuleHash Hash, ModuleKind Kind, long Size, string? Name, DateTimeOffset CreatedAt,
    bool InUse);

/// <param name="Module"> The stored module; null if the limit of <see cref="Limits.ModulesMax"/>, or the owner's limit,
/// is reached.
/// </param>
/// <param name="IsNew">False: it was already known, or known to its owner if it has one.</param>
/// <param name="OwnerIsFull">True: it would exceed the owner's <see cref="OwnerBounds"/>.</param>
/// <param name="IsOfAnotherKind">True: its bytes are stored as a module of another kind, and nothing was
/// changed.</param>
public readonly record struct ModuleSealed(
    StoredModule? Module, bool IsNew, bool OwnerIsFull = false, bool IsOfAnotherKind = false);

public enum ModuleDeletion : byte
{
    Deleted,
    NotFound,
    InUse,
}
