using Npgsql;
using Weft.Storage.Tests.Sqlite;

namespace Weft.Storage.Tests.Upgrades;

/// <summary>The schemas of stores, as sets that can be compared.</summary>
internal static class StoreSchemas
{
    /// <summary>
    /// Columns by name, since their order differs where one was added later, and indexes as they were written.
    /// </summary>
    public static SortedSet<string> Read(string folder)
    {
        using var file = new SqliteFile(folder);
        var lines = new SortedSet<string>(StringComparer.Ordinal);
        var column = file.Connection.Prepared("""
            SELECT concat_ws(' ', t.name, c.name, c.type, c."notnull", c.dflt_value, c.pk > 0)
            FROM sqlite_schema t, pragma_table_info(t.name) c
            WHERE t.type = 'table'
            """);
        while (column.Step()) lines.Add(column.Text(0));
        column.Reset();
        var index = file.Connection.Prepared("SELECT sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL");
        while (index.Step()) lines.Add(index.Text(0));
        index.Reset();
        return lines;
    }

    public static async Task<SortedSet<string>> ReadAsync(string database)
    {
        var lines = new SortedSet<string>(StringComparer.Ordinal);
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("""
            SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default, identity_generation)
            FROM information_schema.columns WHERE table_schema = 'public'
            UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
            UNION ALL SELECT concat_ws(' ', relname, relpersistence, reloptions)
            FROM pg_class WHERE relnamespace = 'public'::regnamespace
            """, connection);
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync()) lines.Add(row.GetString(0));
        return lines;
    }

    public static async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
