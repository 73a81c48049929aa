using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Storage.Engine;
using Weft.Storage.Statements;

namespace Weft.Storage.Operations;

/// <summary>
/// Starts the upload of a module, and drops abandoned uploads. Null: the owner has reached its limit.
/// </summary>
internal sealed class BeginUploadOperation(ModuleKind kind, string? name, TokenId? owner)
    : StoreOperation<ModuleUploadId?>
{
    public override void Decide(WriteTransaction transaction)
    {
        Outcome = null;
        transaction.BeginUpload(kind, name, owner, upload => Outcome = upload);
    }
}

/// <summary>Stores a chunk. False: the upload has been given up.</summary>
internal sealed class AppendOperation(ModuleUploadId upload, int index, ReadOnlyMemory<byte> chunk)
    : StoreOperation<bool>
{
    public override void Decide(WriteTransaction transaction)
    {
        Outcome = false;
        transaction.Write(statements => statements.Query(transaction.Sql.InsertChunk, _ => Outcome = true)
            .With(upload.Value)
            .With(index)
            .With(chunk));
    }
}

/// <summary>An operation that changes modules or the queues that name them, with an exclusive lock.</summary>
internal abstract class ModuleOperation<T> : StoreOperation<T>
{
    public sealed override void Plan(ReadPlan plan) => plan.ChangesModules = true;
}

/// <summary>
/// Creates a module from its chunks, unless it exists, there are too many, or its owner has reached its limit.
/// </summary>
internal sealed class SealOperation(ModuleUploadId upload, ModuleHash hash, long size, TokenId? owner)
    : ModuleOperation<ModuleSealed>
{
    private bool _isOwned;
    private bool _isOfAnotherKind;
    private (long Modules, long Bytes) _owned;

    public override void Look(IStatements statements)
    {
        _isOfAnotherKind = false;
        statements.Query(StoreSql.SelectOtherKind, _ => _isOfAnotherKind = true).With(hash.ToString())
            .With(upload.Value);
        if (owner is { } known) statements.Query(StoreSql.CountModulesOfOwner, row =>
            (_isOwned, _owned) = (row.Bool(0), (row.Long(1), row.Long(2)))).With(known.Value).With(hash.ToString());
    }

    public override void Decide(WriteTransaction transaction)
    {
        var bounds = transaction.OwnerBounds;
        var isFull = owner is not null && !_isOwned
            && (_owned.Modules >= bounds.Modules || _owned.Bytes + size > bounds.ModuleBytes);
        Outcome = new(null, IsNew: false, isFull, _isOfAnotherKind);
        transaction.Write(statements =>
        {
            var isRefused = isFull || _isOfAnotherKind;
            if (!isRefused) Seal(statements);
            DropUploadOperation.Drop(statements, upload);
            if (!isRefused) ModuleStore.Query(statements, hash, owner, module =>
            {
                // A file that exceeded the limit of modules.
                if (module.Kind == ModuleKind.Data) return;
                Outcome = new(module, owner is null ? Outcome.IsNew : !_isOwned);
            });
        });
    }

    public override void Finish(WriteTransaction transaction) => transaction.ReloadModule(hash);

    private void Seal(IStatements statements)
    {
        statements.Run(StoreSql.PromoteBlob).With(hash.ToString()).With(upload.Value).With(Limits.ModulesMax);
        statements.Query(StoreSql.SealUpload, _ => Outcome = Outcome with { IsNew = true })
            .With(hash.ToString())
            .With(size)
            .With(upload.Value)
            .With(Limits.ModulesMax);
        statements.Run(StoreSql.RenameModule).With(hash.ToString()).With(upload.Value).With(owner?.Value);
        if (owner is { } known) statements.Run(StoreSql.UpsertModuleOwner)
            .With(known.Value)
            .With(hash.ToString())
            .With(upload.Value);
    }
}

/// <summary>Drops an upload that wasn't sealed.</summary>
internal sealed class DropUploadOperation(ModuleUploadId upload) : StoreOperation<bool>
{
    public override void Decide(WriteTransaction transaction) =>
        transaction.Write(statements => Drop(statements, upload));

    public static void Drop(IStatements statements, ModuleUploadId upload)
    {
        statements.Run(StoreSql.DeleteUpload).With(upload.Value);
        statements.Run(StoreSql.DeleteChunks).With(upload.Value);
        statements.Run(StoreSql.DeleteModuleOwners).With(upload.Value);
        statements.Run(StoreSql.DeleteFileSetsOfModule).With(upload.Value);
    }
}

/// <summary>
/// Deletes an unreferenced module. For an owner: one that none of its tasks names; if others own it or refer to it,
/// only the owner's share is deleted, so that nobody can prevent an owner from giving a module up. A file's chunks are
/// deleted by <see cref="CleanBlobsOperation"/>.
/// </summary>
/// <param name="isFile">Whether it must be a file rather than a program.</param>
internal sealed class DeleteModuleOperation(ModuleHash hash, TokenId? owner, bool isFile)
    : ModuleOperation<ModuleDeletion>
{
    private const long Nobody = -1;

    private (long Id, bool HasOthers, bool IsOwner, bool OwnUse, bool AnyUse)? _found;

    public override void Look(IStatements statements)
    {
        _found = null;
        statements.Query(StoreSql.SelectModuleOwnership, row =>
            {
                if (isFile != ((ModuleKind)row.Short(5) == ModuleKind.Data)) return;
                _found = (row.Long(0), row.Bool(1), row.Bool(2), row.Bool(3), row.Bool(4));
            })
            .With(owner?.Value ?? Nobody)
            .With((long)Limits.ModuleUsesScanMax)
            .With(hash.ToString());
    }

    public override void Decide(WriteTransaction transaction)
    {
        Outcome = ModuleDeletion.NotFound;
        if (_found is not var (id, hasOthers, isOwner, ownUse, anyUse) || (owner is not null && !isOwner)) return;
        if (ownUse)
        {
            Outcome = ModuleDeletion.InUse;
            return;
        }

        transaction.Write(statements =>
        {
            if (owner is { } leaving && (hasOthers || anyUse))
            {
                statements.Run(StoreSql.DeleteModuleOwner).With(id).With(leaving.Value);
                Outcome = ModuleDeletion.Deleted;
                return;
            }

            statements.Query(StoreSql.SelectModule, _ => Outcome = ModuleDeletion.InUse).With(hash.ToString());
            statements.Query(StoreSql.UnsealModule, _ => Outcome = ModuleDeletion.Deleted).With(id);
            DropUploadOperation.Drop(statements, new(id));
        });
    }

    public override void Finish(WriteTransaction transaction) => transaction.ReloadModule(hash);
}

/// <summary>Sets or removes a queue's module and files.</summary>
internal sealed class SetQueueModuleOperation(string queue, ModuleCall? call, FileSet? files)
    : ModuleOperation<SubmitStatus>
{
    private FileSetLook? _files;

    public override void Look(IStatements statements)
    {
        _files = files is null ? null : new([files], owner: null);
        _files?.Query(statements);
    }

    public override void Decide(WriteTransaction transaction)
    {
        _files?.Decide();
        Outcome = _files?.Refusal ?? (call is null ? SubmitStatus.Stored : SubmitStatus.ModuleNotFound);
        if (_files?.Refusal is not null) return;
        _files?.Store(transaction);
        transaction.Write(statements =>
        {
            if (call is null) statements.Run(StoreSql.DeleteQueueModule).With(queue);
            else statements.Query(StoreSql.UpsertQueueModule, _ => Outcome = SubmitStatus.Stored)
                .With(queue)
                .With(call.Run)
                .With(files?.Id)
                .With(call.Module?.ToString());
        });
    }

    public override void Finish(WriteTransaction transaction) => transaction.ReloadQueueModule(queue);
}
