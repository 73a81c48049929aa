using Weft.Core;
using Weft.Core.Modules;
using Weft.Core.Storage;

namespace Weft.Storage.Sqlite.Verbs;

/// <summary>Takes modules in, chunk by chunk, and deletes them.</summary>
internal static class ModuleVerb
{
    public static ModuleUploadId Begin(SqliteUnit unit, ModuleKind kind, string? name)
    {
        foreach (var abandoned in unit.Modules.TakeAbandoned()) Drop(unit, new(abandoned));
        var row = unit.Prepared(SqliteSql.InsertUpload).Bind((long)kind).Bind(name).Bind(unit.Now.ToUnixTimeMilliseconds());
        row.Step();
        var id = new ModuleUploadId(row.Long(0));
        row.Reset();
        return id;
    }

    public static bool Append(SqliteUnit unit, ModuleUploadId upload, int index, ReadOnlyMemory<byte> chunk)
    {
        unit.Prepared(SqliteSql.InsertChunk).Bind(upload.Value).Bind(index).Bind(chunk).Run();
        return true;
    }

    public static ModuleSealed Seal(SqliteUnit unit, ModuleUploadId upload, ModuleHash hash, long size)
    {
        var (kind, name) = ReadUpload(unit, upload);
        if (unit.Modules.TryFind(hash, out var known, out _))
        {
            Drop(unit, upload);
            if (name is not null) unit.Prepared(SqliteSql.RenameModule).Bind(name).Bind(known).Run();
            return new(SqliteModuleReads.Find(unit.Connection, hash), IsNew: false);
        }

        if (unit.Modules.Count >= Limits.ModulesMax)
        {
            Drop(unit, upload);
            return new(null, IsNew: false);
        }

        unit.Prepared(SqliteSql.SealUpload).Bind(hash.ToString()).Bind(size).Bind(upload.Value).Run();
        unit.Modules.Add(hash, upload.Value, kind);
        return new(SqliteModuleReads.Find(unit.Connection, hash), IsNew: true);
    }

    public static bool Drop(SqliteUnit unit, ModuleUploadId upload)
    {
        unit.Prepared(SqliteSql.DeleteChunks).Bind(upload.Value).Run();
        unit.Prepared(SqliteSql.DeleteModule).Bind(upload.Value).Run();
        return true;
    }

    public static ModuleDeletion Delete(SqliteUnit unit, ModuleHash hash)
    {
        if (!unit.Modules.TryFind(hash, out var id, out _)) return ModuleDeletion.NotFound;
        if (SqliteModuleReads.Find(unit.Connection, hash) is { InUse: true }) return ModuleDeletion.InUse;
        unit.Modules.Remove(hash);
        unit.Prepared(SqliteSql.UnsealModule).Bind(id).Run();
        Drop(unit, new(id));
        return ModuleDeletion.Deleted;
    }

    /// <summary>False: there is no such module.</summary>
    public static bool SetOfQueue(SqliteUnit unit, string queue, ModuleCall? call)
    {
        if (call is null)
        {
            unit.Prepared(SqliteSql.DeleteQueueModule).Bind(queue).Run();
        }
        else
        {
            if (!unit.Modules.TryFind(call.Module, out var id, out _)) return false;
            unit.Prepared(SqliteSql.UpsertQueueModule).Bind(queue).Bind(id).Bind(call.Run).Run();
        }

        unit.Modules.Set(queue, call);
        return true;
    }

    private static (ModuleKind Kind, string? Name) ReadUpload(SqliteUnit unit, ModuleUploadId upload)
    {
        var row = unit.Prepared(SqliteSql.SelectUpload).Bind(upload.Value);
        if (!row.Step()) throw new InvalidOperationException($"There is no upload {upload.Value}.");
        var found = ((ModuleKind)row.Long(0), row.TextOrNull(1));
        row.Reset();
        return found;
    }
}
