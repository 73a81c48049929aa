using System.Globalization;
using System.Reflection;
using Weft.Core.Storage;
using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Sqlite;

/// <summary>
/// Brings the schema forward, one file of <c>Migrations/</c> after the other, each in its own transaction.
/// <c>PRAGMA user_version</c> holds the number of the last one. There is no way back.
/// </summary>
internal static class SqliteMigrations
{
    private const string Prefix = "Sqlite/";

    public static void Run(SqliteConnection connection, string path)
    {
        var current = connection.ReadLong("PRAGMA user_version");
        var scripts = Scripts();
        RefuseNewer(connection, path);
        // Not every number is there: work that went on side by side numbered its files apart.
        foreach (var (version, sql) in scripts.SkipWhile(script => script.Version <= current))
        {
            connection.Execute($"BEGIN IMMEDIATE; {sql}; PRAGMA user_version = {version}; COMMIT;");
        }
    }

    /// <exception cref="StoreException">The database was written by a version that knows more migrations.</exception>
    public static void RefuseNewer(SqliteConnection connection, string path)
    {
        var current = connection.ReadLong("PRAGMA user_version");
        var known = Scripts()[^1].Version;
        if (current <= known) return;
        throw SqliteDatabase.Unusable($"{path} was written by a newer Weft (schema {current}, this one knows {known}): use that version, or another data folder");
    }

    /// <exception cref="StoreException">The database was last opened by a version that knew fewer migrations.</exception>
    public static void RefuseOlder(SqliteConnection connection, string path)
    {
        var current = connection.ReadLong("PRAGMA user_version");
        var known = Scripts()[^1].Version;
        if (current < known) throw SqliteDatabase.Unusable($"{path} was written by an older Weft (schema {current}, this one writes {known}): start a coordinator of this version on it once, and stop it");
    }

    private static List<(int Version, string Sql)> Scripts()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return [.. assembly.GetManifestResourceNames().Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                return (int.Parse(name.AsSpan(Prefix.Length, 3), CultureInfo.InvariantCulture), reader.ReadToEnd());
            })
            .OrderBy(static script => script.Item1)];
    }
}
