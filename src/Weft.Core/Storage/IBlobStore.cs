using Weft.Core.Access;
using Weft.Core.Modules;
using Weft.Core.Tasks;

namespace Weft.Core.Storage;

/// <summary>
/// Files by the hash of their bytes, in the same tables as modules (<see cref="IModuleStore"/>): chunks that become a
/// blob once they are sealed. An upload is identified by its expected hash, so an interrupted one can be resumed.
/// Each method throws <see cref="StoreException"/> when the store can't do it now.
/// </summary>
public interface IBlobStore
{
    /// <summary>Resumes the owner's upload of these bytes, or begins it.</summary>
    /// <param name="hash">What all its bytes must hash to.</param>
    /// <param name="size">All its bytes.</param>
    /// <param name="owner">Whose it is; null for nobody's.</param>
    /// <param name="storeBytesMax">Bytes that all blobs and all uploads of some may have together.</param>
    /// <param name="output">The attempt that it is an output of; null: it is none.</param>
    Task<BlobBegun> BeginAsync(
        ModuleHash hash, long size, TokenId? owner, long storeBytesMax, OutputShare? output = null);

    /// <summary>
    /// Stores chunks from number <paramref name="index"/> on: <see cref="Limits.ModuleChunkBytes"/> bytes each, only
    /// the blob's last fewer. False: some are there already, those before them are not, or the upload is gone. A crash
    /// may take them until another verb of this store has ended, such as <see cref="BeginAsync"/>. The bytes must not
    /// change until it has answered.
    /// </summary>
    Task<bool> AppendAsync(ModuleUploadId upload, int index, ReadOnlyMemory<byte> chunks);

    /// <summary>Reads a chunk of an upload that isn't sealed: how long it is; null when there is none.</summary>
    /// <param name="into">Of <see cref="Limits.ModuleChunkBytes"/>: the caller's, which uses it again.</param>
    Task<int?> ReadUploadedAsync(ModuleUploadId upload, int index, byte[] into);

    /// <summary>
    /// Makes a blob of an upload whose bytes were verified; one that is known already stays, and is the owner's too.
    /// Null: the upload, or a part of it, is gone.
    /// </summary>
    /// <param name="isOutput">True: unless a result names it soon, it goes.</param>
    Task<StoredModule?> SealAsync(ModuleUploadId upload, ModuleHash hash, TokenId? owner, bool isOutput = false);

    /// <summary>A blob that is known counts as pushed now. Null: it is gone.</summary>
    /// <param name="isOutput">False: what was an output alone stays like any other.</param>
    Task<StoredModule?> KeepAsync(ModuleHash hash, TokenId? owner, bool isOutput = false);

    /// <summary>Gives an upload up. Its bytes go with <see cref="CleanAsync"/>.</summary>
    Task DropAsync(ModuleUploadId upload);

    /// <summary>
    /// One blob, whatever its kind; null when there is none, or <paramref name="owner"/> has no share in it.
    /// </summary>
    Task<StoredModule?> FindAsync(ModuleHash hash, TokenId? owner = null);

    /// <summary>
    /// Files after a number in the order of their pushes, all or an owner's, with the numbers that go on there.
    /// </summary>
    Task<IReadOnlyList<(long Number, StoredModule Blob)>> ListAsync(TokenId? owner, long after, int limit);

    /// <summary>
    /// Deletes a file that nothing names; for an owner it is only that owner's no more while others have it, too. Its
    /// bytes go with <see cref="CleanAsync"/>.
    /// </summary>
    Task<ModuleDeletion> DeleteAsync(ModuleHash hash, TokenId? owner = null);

    /// <summary>
    /// Gives up files that nothing names and that were pushed <paramref name="age"/> ago or earlier, and uploads
    /// without a chunk for <see cref="Limits.BlobUploadIdleMax"/>, and outputs of attempts that ended without naming
    /// them; then deletes up to <paramref name="chunksMax"/> chunks of what was given up. Answers how many.
    /// </summary>
    Task<int> CleanAsync(TimeSpan age, int chunksMax);
}

public enum BlobRefusal : byte
{
    None,

    /// <summary>There are as many blobs, or bytes of them, as the store may have.</summary>
    StoreFull,

    /// <summary>The owner has as many bytes, or is bringing as many blobs, as one may.</summary>
    OwnerFull,

    /// <summary>The attempt has pushed as many outputs, or bytes of them, as its task may have.</summary>
    TaskFull,
}

/// <summary>Whose output a blob is, until a result names it.</summary>
/// <param name="Task">A task that is at work.</param>
/// <param name="Lease">Of this attempt.</param>
/// <param name="BytesMax">Of all outputs of the attempt.</param>
public sealed record OutputShare(TaskId Task, LeaseToken Lease, long BytesMax);

/// <param name="Refusal">Why nothing was begun.</param>
/// <param name="Upload">Where chunks go.</param>
/// <param name="Chunks">How many are there.</param>
public readonly record struct BlobBegun(BlobRefusal Refusal, ModuleUploadId Upload, int Chunks);
