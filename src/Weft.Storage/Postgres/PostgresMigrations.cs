using System.Globalization;
using System.Reflection;
using Npgsql;

namespace Weft.Storage.Postgres;

/// <summary>
/// Brings the schema forward, one file of <c>Migrations/</c> after the other, all in one transaction under a lock:
/// of several coordinators that start at once one does it and the others find it done. There is no way back.
/// </summary>
internal static class PostgresMigrations
{
    private const string Prefix = "Postgres/";

    // "Weft": with the lock of lanes and the shards in PostgresSql, the numbers that this program uses of the database's advisory locks.
    private const string Lock = "SELECT pg_advisory_xact_lock(x'57656674'::int, 1)";
    private const string VersionTable = "CREATE TABLE IF NOT EXISTS weft_schema (version int NOT NULL)";
    private const string SelectVersion = "SELECT coalesce(max(version), 0) FROM weft_schema";

    public static async Task RunAsync(NpgsqlConnection connection)
    {
        var scripts = Scripts();
        await using var transaction = await connection.BeginTransactionAsync();
        await ExecuteAsync(connection, Lock);
        await ExecuteAsync(connection, VersionTable);
        await using var select = new NpgsqlCommand(SelectVersion, connection);
        var current = (int)(await select.ExecuteScalarAsync())!;
        if (current > scripts.Count)
        {
            throw PostgresTrouble.Unusable($"The database was written by a newer Weft (schema {current}, this one knows {scripts.Count}): use that version, or another database");
        }

        for (var version = current + 1; version <= scripts.Count; version++)
        {
            await ExecuteAsync(connection, $"{scripts[version - 1]}; INSERT INTO weft_schema VALUES ({version})");
        }

        await transaction.CommitAsync();
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static List<string> Scripts()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return [.. assembly.GetManifestResourceNames().Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .OrderBy(static name => int.Parse(name.AsSpan(Prefix.Length, 3), CultureInfo.InvariantCulture))
            .Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                return reader.ReadToEnd();
            })];
    }
}
