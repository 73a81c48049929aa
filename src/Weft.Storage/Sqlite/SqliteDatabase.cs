using Weft.Core.Storage;
using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Sqlite;

/// <summary>Opens the database file: its settings, its place on disk, and a plain sentence when it can't be used.</summary>
internal static class SqliteDatabase
{
    public const string FileName = "weft.db";

    // "Weft": tells our file from any other SQLite database (https://sqlite.org/pragma.html#pragma_application_id).
    private const int ApplicationId = 0x57656674;

    // Earlier versions can lose a commit when two connections reset the log at once (https://sqlite.org/wal.html#walresetbug).
    private const int VersionMin = 3_051_003;

    // Negative: KiB. The writer walks the same few index pages all the time; readers come and go.
    private const string WriterSettings =
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; " +
        "PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = OFF;";
    private const string ReaderSettings = "PRAGMA query_only = ON; PRAGMA cache_size = -2048; PRAGMA temp_store = MEMORY;";

    /// <summary>Opens for writing and brings the schema up to date.</summary>
    public static SqliteConnection OpenWriter(string folder)
    {
        var version = SqliteNative.sqlite3_libversion_number();
        if (version < VersionMin) throw Unusable($"SQLite {version} is too old: {VersionMin} or newer is needed, since earlier ones can lose a commit");
        var path = Path.Combine(folder, FileName);
        SqliteConnection? connection = null;
        try
        {
            connection = new(path, SqliteNative.OpenReadWrite | SqliteNative.OpenCreate);
            var isNew = connection.ReadLong("PRAGMA page_count") == 0;
            // Before the first table, or it has no effect: lets retention give space back bit by bit.
            if (isNew) connection.Execute($"PRAGMA auto_vacuum = INCREMENTAL; PRAGMA application_id = {ApplicationId};");
            else if (connection.ReadLong("PRAGMA application_id") != ApplicationId) throw Unusable($"{path} is not a Weft database");
            connection.Execute(WriterSettings);
            connection.WatchLog();
            SqliteMigrations.Run(connection, path);
            return connection;
        }
        catch (SqliteError error)
        {
            connection?.Dispose();
            throw Unusable($"{path} can't be opened: {error.Message}", error);
        }
        catch (StoreException)
        {
            connection?.Dispose();
            throw;
        }
    }

    public static SqliteConnection OpenReader(string folder)
    {
        var connection = new SqliteConnection(Path.Combine(folder, FileName), SqliteNative.OpenReadWrite);
        connection.Execute(ReaderSettings);
        return connection;
    }

    public static StoreException Unusable(string message, Exception? inner = null) => new(StoreTrouble.Unusable, message + ".", inner);
}
