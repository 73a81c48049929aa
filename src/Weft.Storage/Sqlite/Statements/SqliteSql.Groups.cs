using Weft.Storage.Engine;

namespace Weft.Storage.Sqlite;

/// <summary>Groups, with their counts.</summary>
internal sealed partial class SqliteSql
{
    // Groups, by primary key.
    public const string InsertGroup = """
        INSERT INTO groups (id, name, created_at, owner)
        VALUES (? /* id */, ? /* name */, ? /* created_at */, ? /* owner */)
        """;
    public const string SelectGroupIsSealed = "SELECT sealed_at IS NOT NULL FROM groups WHERE id = ?";

    // groups_empty
    public const string DeleteEmptyGroups = $"""
        DELETE FROM groups
        WHERE id IN (SELECT id FROM groups WHERE created_at <= ? AND {StateSql.Sum} = 0 ORDER BY created_at LIMIT ?)
        RETURNING id
        """;
    public static readonly string AddToGroup =
        $"UPDATE groups SET {StateSql.Each(static (column, _) => $"{column} = {column} + ?")} WHERE id = ?";
}
