using Weft.Core.Storage;
using Weft.Storage.Engine;
using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Sqlite;

/// <summary>
/// Upgrades the schema, one file of <c>Schema/</c> after the other, each in its own transaction. <c>PRAGMA
/// user_version</c> holds the number of the last one. Downgrades are not supported.
/// </summary>
internal static class SqliteMigrations
{
    private static readonly IReadOnlyList<MigrationScript> Scripts = MigrationScripts.Read("Sqlite/");

    private static int Newest => Scripts[^1].Version;

    /// <returns>The upgrade; null if there was nothing to do, and for a new database.</returns>
    public static SchemaUpgrade? Run(SqliteConnection connection, string path)
    {
        RefuseUnknown(connection, path);
        var current = connection.ReadLong("PRAGMA user_version");
        MigrationScript[] missing = [.. Scripts.Where(script => script.Version > current)];
        foreach (var (version, _, sql) in missing)
        {
            connection.Execute($"BEGIN IMMEDIATE; {sql}; PRAGMA user_version = {version}; COMMIT;");
        }

        return MigrationScripts.Describe(current, missing);
    }

    /// <exception cref="StoreException">
    /// The database was written by a version that knows more migrations, or by one from before the first release.
    /// </exception>
    public static void RefuseUnknown(SqliteConnection connection, string path)
    {
        var current = connection.ReadLong("PRAGMA user_version");
        if (MigrationScripts.FindRefusal(Scripts, current, path, "another data folder") is { } refusal)
        {
            throw SqliteDatabase.Unusable(refusal);
        }
    }

    /// <exception cref="StoreException">
    /// The database was last opened by a version that knew fewer migrations.
    /// </exception>
    public static void RefuseOlder(SqliteConnection connection, string path)
    {
        var current = connection.ReadLong("PRAGMA user_version");
        if (current >= Newest) return;
        throw SqliteDatabase.Unusable(
            $"{path} was written by an older Weft (schema {current}, this one writes {Newest}): " +
            "start a coordinator of this version on it once, and stop it");
    }

    /// <summary>
    /// The schema of a store that an older version wrote; null: it is this version's, or not a store.
    /// </summary>
    public static long? FindOlder(SqliteConnection connection) =>
        connection.ReadLong("PRAGMA user_version") is var current && current > 0 && current < Newest ? current : null;
}
