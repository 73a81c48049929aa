using Weft.Core.Access;
using Weft.Core.Modules;

namespace Weft.Core.Storage;

/// <summary>
/// Where modules live: bytes that never change, under their hash, beside the tasks that run them.
/// A module comes in chunks and is there only once it is sealed. When a verb that changes something has answered, the
/// change is on disk. Each verb throws <see cref="StoreException"/> when the store can't do it now.
/// </summary>
public interface IModuleStore
{
    /// <summary>
    /// Begins to take a module in. What a coordinator that went down left half-way is dropped here.
    /// Null: <paramref name="owner"/> is bringing <see cref="Limits.ModuleUploadsOfOwnerMax"/> already.
    /// </summary>
    Task<ModuleUploadId?> BeginUploadAsync(ModuleKind kind, string? name, TokenId? owner = null);

    /// <summary>
    /// Stores chunk number <paramref name="index"/>, from 0: <see cref="Limits.ModuleChunkBytes"/> bytes, only the last
    /// fewer.
    /// The bytes may be used again after the answer.
    /// </summary>
    Task AppendAsync(ModuleUploadId upload, int index, ReadOnlyMemory<byte> chunk);

    /// <summary>
    /// Makes a module of the chunks. One that is known already stays, and the chunks are dropped; it takes the new
    /// name, if there is one, unless it has other owners. Each owner has a name of its own for it besides.
    /// </summary>
    /// <param name="upload">What was begun.</param>
    /// <param name="hash">Of all its bytes.</param>
    /// <param name="size">All its bytes.</param>
    /// <param name="owner">Whose it is from now on, too, as the upload began; null for nobody's.</param>
    Task<ModuleSealed> SealAsync(ModuleUploadId upload, ModuleHash hash, long size, TokenId? owner = null);

    /// <summary>Forgets an upload that wasn't sealed.</summary>
    Task DropUploadAsync(ModuleUploadId upload);

    /// <summary>One module; null when there is none, or <paramref name="owner"/> isn't among its owners.</summary>
    Task<StoredModule?> FindAsync(ModuleHash hash, TokenId? owner = null);

    /// <summary>
    /// Reads a chunk of a module's bytes: how long it is, as it was appended; null when there is no such module or
    /// chunk.
    /// </summary>
    /// <param name="into">Of <see cref="Limits.ModuleChunkBytes"/>: the caller's, which uses it again.</param>
    Task<int?> ReadChunkAsync(ModuleHash hash, int index, byte[] into);

    /// <summary>
    /// All modules, or those of an owner under the names that it gave them; at most <see cref="Limits.ModulesMax"/>,
    /// the oldest first.
    /// </summary>
    Task<IReadOnlyList<StoredModule>> ListAsync(TokenId? owner = null);

    /// <summary>
    /// Wheels that an owner's tasks find by the names of packages: its own, those of admins, and those that nobody
    /// owns; null: only the latter two. The newest last.
    /// </summary>
    Task<IReadOnlyList<StoredModule>> ListWheelsAsync(TokenId? owner);

    /// <summary>
    /// Deletes a module that no stored task, in whatever state, and no queue names. For an owner it is only that
    /// owner's no more while others have it, too.
    /// </summary>
    Task<ModuleDeletion> DeleteAsync(ModuleHash hash, TokenId? owner = null);

    /// <summary>
    /// What tasks of this queue run from now on unless they name a module themselves; null: nothing.
    /// </summary>
    /// <param name="queue">The queue.</param>
    /// <param name="call">The module, or none, and how to run it.</param>
    /// <param name="files">What such tasks find unless they name files themselves; null: none.</param>
    /// <returns><see cref="SubmitStatus.Stored"/>; or <see cref="SubmitStatus.ModuleNotFound"/> or
    /// <see cref="SubmitStatus.BlobNotFound"/>, and nothing changed.</returns>
    Task<SubmitStatus> SetQueueModuleAsync(string queue, ModuleCall? call, FileSet? files = null);

    /// <summary>
    /// What these queues name, those that name a module: their runs are read whole, so that a caller asks for few.
    /// </summary>
    Task<IReadOnlyDictionary<string, ModuleCall>> ListQueueModulesAsync(IReadOnlyCollection<string> queues);

    /// <summary>All queues that name a module, each with the bytes of its run and its files' names.</summary>
    Task<IReadOnlyDictionary<string, long>> ListQueueRunSizesAsync();
}

/// <summary>A module on its way in.</summary>
public readonly record struct ModuleUploadId(long Value);

/// <param name="Name">For people; null for none.</param>
/// <param name="InUse">True while a stored task or a queue names it.</param>
public sealed record StoredModule(ModuleHash Hash, ModuleKind Kind, long Size, string? Name, DateTimeOffset CreatedAt,
    bool InUse);

/// <param name="Module">
/// What is stored now; null when there are <see cref="Limits.ModulesMax"/> others already, or the owner has as much as
/// it may.
/// </param>
/// <param name="IsNew">False: it was known, to its owner where there is one.</param>
/// <param name="OwnerIsFull">True: it would be more than <see cref="OwnerBounds"/> allow its owner.</param>
/// <param name="IsOfAnotherKind">True: its bytes are known as a module of another kind, and nothing was stored.</param>
public readonly record struct ModuleSealed(
    StoredModule? Module, bool IsNew, bool OwnerIsFull = false, bool IsOfAnotherKind = false);

public enum ModuleDeletion : byte
{
    Deleted,
    NotFound,
    InUse,
}
