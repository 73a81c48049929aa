using Npgsql;
using Weft.Storage.Engine;

namespace Weft.Storage.Postgres;

/// <summary>
/// Upgrades the schema, one file of <c>Schema/</c> after the other, all in one transaction under a lock: if several
/// coordinators start at once, one does it and the others find it done. Downgrades are not supported.
/// </summary>
internal static class PostgresMigrations
{
    // "Weft": together with the lock of lanes and the shards in PostgresSql, the advisory lock numbers that this
    // program uses.
    private const string Lock = "SELECT pg_advisory_xact_lock(x'57656674'::int, 1)";
    private const string VersionTable = "CREATE TABLE IF NOT EXISTS weft_schema (version int NOT NULL)";
    private const string SelectVersion = "SELECT coalesce(max(version), 0) FROM weft_schema";

    /// <returns>The upgrade; null if there was nothing to do, and for a new database.</returns>
    public static async Task<SchemaUpgrade?> RunAsync(NpgsqlConnection connection)
    {
        var scripts = MigrationScripts.Read("Postgres/");
        await using var transaction = await connection.BeginTransactionAsync();
        await ExecuteAsync(connection, Lock);
        await ExecuteAsync(connection, VersionTable);
        await using var select = new NpgsqlCommand(SelectVersion, connection);
        var current = (int)(await select.ExecuteScalarAsync())!;
        if (MigrationScripts.FindRefusal(scripts, current, "The database", "another database") is { } refusal)
        {
            throw PostgresErrorClassifier.Unusable(refusal);
        }

        MigrationScript[] missing = [.. scripts.Where(script => script.Version > current)];
        foreach (var (version, _, sql) in missing)
        {
            await ExecuteAsync(connection, $"{sql}; INSERT INTO weft_schema VALUES ({version})");
        }

        await transaction.CommitAsync();
        return MigrationScripts.Describe(current, missing);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
