using System.Security.Cryptography;
using Weft.Core.Access;
using Weft.Core.Modules;
using Weft.Core.Storage;

namespace Weft.Core.UseCases;

/// <summary>How large blobs may be.</summary>
/// <param name="BytesMax">Bytes of one.</param>
/// <param name="StoreBytesMax">Bytes of all together, with those that are being pushed.</param>
/// <param name="OutputBytesMax">Bytes of the files that one task writes.</param>
public sealed record BlobBounds(long BytesMax, long StoreBytesMax, long OutputBytesMax);

public enum BlobPushStatus : byte
{
    /// <summary>All its bytes are there, and hash to its name.</summary>
    Stored,

    /// <summary>It was there before.</summary>
    Known,

    /// <summary>Bytes are missing: the push continues at the offset.</summary>
    Incomplete,

    /// <summary>The push must go on at another offset; nothing was stored.</summary>
    WrongOffset,

    /// <summary>Its bytes don't hash to its name; all of them were dropped.</summary>
    HashMismatch,

    /// <summary>There were more bytes than announced.</summary>
    TooLong,

    StoreFull,
    OwnerFull,
    TaskFull,
}

/// <param name="Blob">What is stored; null unless <see cref="BlobPushStatus.Stored"/> or Known.</param>
/// <param name="Offset">The number of bytes stored so far: where the push continues.</param>
public readonly record struct BlobPushed(BlobPushStatus Status, StoredModule? Blob = null, long Offset = 0);

/// <summary>
/// Receives a blob in any number of requests. Whole chunks that have arrived are kept if the push is interrupted; at
/// most a few chunks are in memory.
/// </summary>
public sealed class PushBlob(IBlobStore store, BlobBounds bounds)
{
    private readonly UploadHashes _hashes = new();

    public BlobBounds Bounds => bounds;

    /// <param name="owner">Whose the blob is; null: nobody's.</param>
    /// <param name="output">The attempt that it is an output of; null: it is none.</param>
    /// <param name="hash">What all its bytes must hash to.</param>
    /// <param name="size">All its bytes, at most <see cref="BlobBounds.BytesMax"/>.</param>
    /// <param name="offset">Where <paramref name="body"/> begins.</param>
    /// <param name="body">Some of the bytes, or the rest.</param>
    public async Task<BlobPushed> RunAsync(
        TokenId? owner, OutputShare? output, ModuleHash hash, long size, long offset, Stream body,
        CancellationToken requestAborted)
    {
        var isOutput = output is not null;
        if (await store.FindAsync(hash, owner) is not null
            && await store.KeepAsync(hash, owner, isOutput) is { } known)
        {
            return new(BlobPushStatus.Known, known);
        }

        var (refusal, upload, chunks) = await store.BeginAsync(hash, size, owner, bounds.StoreBytesMax, output);
        if (refusal != BlobRefusal.None) return new(StatusOf(refusal));

        var there = Math.Min(size, chunks * (long)Limits.ModuleChunkBytes);
        if (offset != there) return new(BlobPushStatus.WrongOffset, Offset: there);
        // Null: what is there was taken by an earlier run of this coordinator, or by another one.
        var whole = there == 0 ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : _hashes.Take(upload, there);
        try
        {
            if (await TakeAsync(upload, chunks, size, body, whole, requestAborted) is not { } stored)
            {
                return new(BlobPushStatus.WrongOffset, Offset: await FindEndAsync(hash, size, owner, output));
            }

            if (stored > size) return new(BlobPushStatus.TooLong);
            if (stored < size)
            {
                // Syncs what was appended: from now on it is there after any crash.
                var end = stored == there ? there : await FindEndAsync(hash, size, owner, output);
                if (end != stored) return new(BlobPushStatus.WrongOffset, Offset: end);
                _hashes.Keep(upload, stored, whole);
                whole = null;
                return new(BlobPushStatus.Incomplete, Offset: stored);
            }

            if ((whole?.GetHashAndReset() ?? await HashAsync(upload, size)) is { } found
                && ModuleHash.From(found) != hash)
            {
                await store.DropAsync(upload);
                return new(BlobPushStatus.HashMismatch);
            }
        }
        finally
        {
            whole?.Dispose();
        }

        return await store.SealAsync(upload, hash, owner, isOutput) is { } blob
            ? new(BlobPushStatus.Stored, blob)
            : new(BlobPushStatus.WrongOffset, Offset: await FindEndAsync(hash, size, owner, output));
    }

    /// <summary>
    /// Stores the body's whole chunks, and the last one of the blob. Answers how many bytes are there then, or more
    /// than <paramref name="size"/>; null: another push of the same blob came between.
    /// </summary>
    private async Task<long?> TakeAsync(
        ModuleUploadId upload, int chunks, long size, Stream body, IncrementalHash? whole,
        CancellationToken requestAborted)
    {
        var stored = Math.Min(size, chunks * (long)Limits.ModuleChunkBytes);
        var storing = Task.FromResult(true);
        // One is filled while the other is stored. New ones for each piece would cost a collection every few.
        byte[]? filling = null, other = null;
        try
        {
            while (true)
            {
                var wanted = (int)Math.Min(Limits.BlobAppendBytes, size - stored + 1);
                filling ??= GC.AllocateUninitializedArray<byte>(wanted);
                var read = await body.ReadAtLeastAsync(
                    filling.AsMemory(0, wanted), wanted, throwOnEndOfStream: false, requestAborted);
                if (read == 0) break;
                if (stored + read > size) return size + 1;
                // A part of a chunk comes again with the next piece.
                if (stored + read < size) read -= read % Limits.ModuleChunkBytes;
                // One after the other, so that no chunk is ever missing before others.
                if (!await storing) return null;
                if (read > 0) storing = StoreAsync(upload, chunks, filling.AsMemory(0, read), whole);
                stored += read;
                chunks += read / Limits.ModuleChunkBytes;
                (filling, other) = (other, filling);
            }

            return await storing ? stored : null;
        }
        finally
        {
            // Whatever ended this: no chunk may come after the next push has asked for the offset.
            await ((Task)storing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Stores chunks while another thread hashes them. Nobody needs the bytes once both are done.</summary>
    private async Task<bool> StoreAsync(
        ModuleUploadId upload, int index, ReadOnlyMemory<byte> chunks, IncrementalHash? whole)
    {
        var storing = store.AppendAsync(upload, index, chunks);
        if (whole is not null)
        {
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            whole.AppendData(chunks.Span);
        }

        return await storing;
    }

    /// <summary>Reads all of it back. Null: a crash of the database has taken the end.</summary>
    private async Task<byte[]?> HashAsync(ModuleUploadId upload, long size)
    {
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var chunk = new byte[Limits.ModuleChunkBytes];
        for (var index = 0; await store.ReadUploadedAsync(upload, index, chunk) is { } length; index++)
        {
            whole.AppendData(chunk, 0, length);
            size -= length;
        }

        return size == 0 ? whole.GetHashAndReset() : null;
    }

    private async Task<long> FindEndAsync(ModuleHash hash, long size, TokenId? owner, OutputShare? output)
    {
        var chunks = (await store.BeginAsync(hash, size, owner, bounds.StoreBytesMax, output)).Chunks;
        return Math.Min(size, chunks * (long)Limits.ModuleChunkBytes);
    }

    private static BlobPushStatus StatusOf(BlobRefusal refusal) => refusal switch
    {
        BlobRefusal.StoreFull => BlobPushStatus.StoreFull,
        BlobRefusal.TaskFull => BlobPushStatus.TaskFull,
        _ => BlobPushStatus.OwnerFull,
    };
}
