using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Sqlite;

/// <summary>
/// Checks a database before it is changed: its header, its size, its schema, and both ends of every table. It reads a
/// few dozen pages at any size, so the start stays quick; <see cref="Maintenance.SqliteCheck"/> reads everything.
/// </summary>
internal static class SqliteQuickCheck
{
    private const string SelectKeys = """
        SELECT t.name, c.name
        FROM sqlite_schema t
        JOIN pragma_table_info(t.name) c
        WHERE t.type = 'table' AND c.pk = 1
        """;

    /// <exception cref="SqliteError">The database is damaged.</exception>
    public static void Check(SqliteConnection connection)
    {
        var tables = new List<(string Name, string Key)>();
        connection.Prepared(SelectKeys).Each(row => tables.Add((row.Text(0), row.Text(1))));
        foreach (var (name, key) in tables)
        {
            connection.ReadLong($"SELECT 1 FROM \"{name}\" ORDER BY \"{key}\" LIMIT 1");
            connection.ReadLong($"SELECT 1 FROM \"{name}\" ORDER BY \"{key}\" DESC LIMIT 1");
        }
    }
}
