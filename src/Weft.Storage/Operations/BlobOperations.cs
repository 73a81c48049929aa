using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Storage.Engine;
using Weft.Storage.Statements;

namespace Weft.Storage.Operations;

/// <summary>Goes on with an upload of a blob, or begins one where there is room.</summary>
internal sealed class BeginBlobOperation(
    ModuleHash hash, long size, TokenId? owner, long storeBytesMax, OutputShare? output) : ModuleOperation<BlobBegun>
{
    private const long Nobody = -1;

    private (long Id, long Chunks)? _upload;
    private (long Blobs, long Bytes) _stored;
    private (long Bytes, long Uploads, long Blobs) _owned;
    private (long Bytes, long Blobs) _written;

    public override void Look(IStatements statements)
    {
        (_upload, _stored, _owned, _written) = (null, default, default, default);
        statements.Query(StoreSql.SelectBlobUpload, row => _upload = (row.Long(0), row.Long(1)))
            .With(hash.ToString())
            .With(size)
            .With(output?.Lease.Value)
            .With(owner?.Value ?? Nobody);
        if (output is not null)
        {
            statements.Query(StoreSql.CountOutputs, row => _written = (row.Long(0), row.Long(1)))
                .With(output.Lease.Value);
        }

        statements.Query(StoreSql.CountBlobs, row => _stored = (row.Long(0), row.Long(1)));
        if (owner is { } known)
        {
            statements.Query(StoreSql.CountBlobsOfOwner, row => _owned = (row.Long(0), row.Long(1), row.Long(2)))
                .With(known.Value);
        }
    }

    public override void Decide(WriteTransaction transaction)
    {
        var now = transaction.Now.ToUnixTimeMilliseconds();
        if (_upload is var (id, chunks))
        {
            Outcome = new(BlobRefusal.None, new(id), (int)chunks);
            transaction.Write(statements => statements.Run(StoreSql.TouchBlobUpload).With(now).With(id));
            return;
        }

        Outcome = new(FindRefusal(transaction.OwnerBounds), default, 0);
        if (Outcome.Refusal != BlobRefusal.None) return;
        transaction.Write(statements =>
        {
            statements.Query(StoreSql.InsertBlobUpload, row => Outcome = Outcome with { Upload = new(row.Long(0)) })
                .With(hash.ToString())
                .With(size)
                .With(now)
                .With(output?.Task.Value)
                .With(output?.Lease.Value);
            if (owner is { } known) statements.Run(StoreSql.InsertBlobUploadOwner)
                .With(known.Value)
                .With(hash.ToString());
        });
    }

    private BlobRefusal FindRefusal(OwnerBounds bounds)
    {
        if (output is not null && (_written.Blobs >= Limits.OutputsMax || size > output.BytesMax - _written.Bytes))
        {
            return BlobRefusal.TaskFull;
        }

        if (_stored.Blobs >= Limits.BlobsMax || size > storeBytesMax - _stored.Bytes) return BlobRefusal.StoreFull;
        if (owner is null) return BlobRefusal.None;
        var isFull = size > bounds.BlobBytes - _owned.Bytes || _owned.Blobs >= bounds.Blobs
            || (output is null && _owned.Uploads >= Limits.BlobUploadsOfOwnerMax);
        return isFull ? BlobRefusal.OwnerFull : BlobRefusal.None;
    }
}

/// <summary>
/// Stores chunks that follow each other. False: some are there, those before them are not, or the upload is gone.
/// </summary>
internal sealed class AppendBlobOperation(ModuleUploadId upload, int index, ReadOnlyMemory<byte> chunks)
    : StoreOperation<bool>
{
    private bool _goesOn;

    public override bool MayBeLost => true;

    public override void Look(IStatements statements)
    {
        _goesOn = false;
        statements.Query(StoreSql.SelectUploadGoesOn, _ => _goesOn = true).With(upload.Value).With((long)index);
    }

    public override void Decide(WriteTransaction transaction)
    {
        Outcome = false;
        if (!_goesOn) return;
        var stored = 0;
        transaction.Write(statements =>
        {
            for (var start = 0; start < chunks.Length; start += Limits.ModuleChunkBytes)
            {
                var length = Math.Min(Limits.ModuleChunkBytes, chunks.Length - start);
                // All of them: whoever has hashed these bytes must know that they are the ones that are stored.
                statements.Query(transaction.Sql.InsertBlobChunk, _ => Outcome = ++stored == ChunkCount)
                    .With((long)(index + (start / Limits.ModuleChunkBytes)))
                    .With(chunks.Slice(start, length))
                    .With(upload.Value);
            }
        });
    }

    private int ChunkCount => (chunks.Length + Limits.ModuleChunkBytes - 1) / Limits.ModuleChunkBytes;
}

/// <summary>
/// Makes a blob of an upload; its owner has it from now on. Null: the upload, or a part of it, is gone.
/// </summary>
internal sealed class SealBlobOperation(ModuleUploadId upload, ModuleHash hash, TokenId? owner, bool isOutput)
    : ModuleOperation<StoredModule?>
{
    public override void Decide(WriteTransaction transaction)
    {
        Outcome = null;
        var now = transaction.Now.ToUnixTimeMilliseconds();
        transaction.Write(statements =>
        {
            statements.Run(StoreSql.SealBlob).With(now).With(upload.Value).With(hash.ToString());
            statements.Run(StoreSql.DropKnownUpload).With(upload.Value).With(hash.ToString());
            statements.Run(StoreSql.TouchBlob).With(now).With(hash.ToString());
            if (!isOutput) statements.Run(StoreSql.NameOutput).With(hash.ToString());
            if (owner is { } known) statements.Run(StoreSql.UpsertBlobOwner).With(known.Value).With(hash.ToString());
            ModuleStore.Query(statements, hash, owner, blob => Outcome = blob);
        });
    }

    public override void Finish(WriteTransaction transaction) => transaction.ReloadModule(hash);
}

/// <summary>Gives an upload of a blob up.</summary>
internal sealed class DropBlobOperation(ModuleUploadId upload) : StoreOperation<bool>
{
    public override void Decide(WriteTransaction transaction) =>
        transaction.Write(statements => statements.Run(StoreSql.DropBlobUpload).With(upload.Value));
}

/// <summary>
/// Deletes some sets of files that no task names, gives up the blobs that nobody needs, and deletes chunks of those
/// that were given up.
/// </summary>
/// <param name="age">How long ago a blob was pushed at least.</param>
/// <param name="chunksMax">Chunks at most.</param>
/// <param name="afterSet">Where to look at sets.</param>
/// <param name="afterBlob">Where to look at blobs.</param>
internal sealed class CleanBlobsOperation(TimeSpan age, int chunksMax, long afterSet, long afterBlob)
    : ModuleOperation<int>
{
    /// <summary>The last set that was looked at; null: there was none.</summary>
    public long? LastSet { get; private set; }

    /// <summary>The last blob that was looked at; null: there are no more behind it.</summary>
    public long? LastBlob { get; private set; }

    public override void Decide(WriteTransaction transaction)
    {
        (Outcome, LastSet, LastBlob) = (0, null, null);
        var old = (transaction.Now - age).ToUnixTimeMilliseconds();
        transaction.Write(statements =>
        {
            statements.Query(StoreSql.SelectLastOfFileSets, row => LastSet = row.Long(0))
                .With(afterSet)
                .With(Limits.FileSetCleanMax);
            statements.Run(StoreSql.DeleteBlobsOfUnusedFileSets).With(afterSet).With(Limits.FileSetCleanMax);
            statements.Run(StoreSql.DeleteUnusedFileSets).With(afterSet).With(Limits.FileSetCleanMax);
            statements.Query(StoreSql.SelectLastOfBlobs, row =>
                LastBlob = row.Long(1) < Limits.BlobScanMax ? null : row.Long(0))
                .With(afterBlob)
                .With(old)
                .With(Limits.BlobScanMax);
            statements.Run(StoreSql.GiveUpUnusedBlobs).With(afterBlob).With(old).With(Limits.BlobScanMax);
            statements.Run(StoreSql.GiveUpOutputs)
                .With((transaction.Now - Limits.OutputIdleMax).ToUnixTimeMilliseconds())
                .With((long)Limits.BlobCleanMax);
            statements.Run(StoreSql.GiveUpIdleUploads)
                .With((transaction.Now - Limits.BlobUploadIdleMax).ToUnixTimeMilliseconds());
            statements.Run(StoreSql.DeleteGivenUpOwners);
            statements.Run(StoreSql.DeleteFileSetsOfGivenUp);
            statements.Query(StoreSql.DeleteGivenUpChunks, _ => Outcome++).With((long)chunksMax);
            statements.Run(StoreSql.DeleteGivenUpBlobs);
        });
    }
}
