using Npgsql;
using Weft.Storage.Engine;

namespace Weft.Storage.Postgres;

/// <summary>
/// Brings the schema forward, one file of <c>Schema/</c> after the other, all in one transaction under a lock:
/// of several coordinators that start at once one does it and the others find it done. There is no way back.
/// </summary>
internal static class PostgresMigrations
{
    // "Weft": with the lock of lanes and the shards in PostgresSql, the numbers that this program uses of the
    // database's advisory locks.
    private const string Lock = "SELECT pg_advisory_xact_lock(x'57656674'::int, 1)";
    private const string VersionTable = "CREATE TABLE IF NOT EXISTS weft_schema (version int NOT NULL)";
    private const string SelectVersion = "SELECT coalesce(max(version), 0) FROM weft_schema";

    /// <returns>What it did; null where nothing was to be done, and for a new database.</returns>
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
