using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Sqlite;

/// <summary>The reads of modules, each on a reading connection in a snapshot of its own, but for what the writer itself must know.</summary>
internal static class SqliteModuleReads
{
    public static StoredModule? Find(SqliteConnection connection, ModuleHash hash)
    {
        var row = connection.Prepared(SqliteSql.SelectModule).Bind(hash.ToString());
        var module = row.Step() ? Read(row) : null;
        row.Reset();
        return module;
    }

    public static IReadOnlyList<StoredModule> List(SqliteConnection connection, object? _)
    {
        var modules = new List<StoredModule>();
        var row = connection.Prepared(SqliteSql.SelectModules);
        while (row.Step()) modules.Add(Read(row));
        row.Reset();
        return modules;
    }

    public static ReadOnlyMemory<byte>? ReadChunk(SqliteConnection connection, (ModuleHash Hash, int Index) asked)
    {
        var row = connection.Prepared(SqliteSql.SelectChunk).Bind(asked.Hash.ToString()).Bind(asked.Index);
        var chunk = row.Step() ? row.BlobOrNull(0) : null;
        row.Reset();
        return chunk;
    }

    public static IReadOnlyDictionary<string, ModuleCall> ListQueues(SqliteConnection connection, object? _) => SqliteModules.ReadQueues(connection);

    private static StoredModule Read(SqliteStatement row) => new(
        ModuleHash.Parse(row.Text(0)), (ModuleKind)row.Long(1), row.Long(2), row.TextOrNull(3), SqliteRows.Time(row.Long(4)), row.Long(5) != 0);
}
