using Weft.Core.Storage;
using Weft.Storage.Engine;
using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Sqlite;

/// <summary>Opens the database file: its settings, its location, and a clear message if it can't be used.</summary>
internal static class SqliteDatabase
{
    public const string FileName = "weft.db";

    // "Weft": distinguishes our file from any other SQLite database
    // (https://sqlite.org/pragma.html#pragma_application_id).
    private const int ApplicationId = 0x57656674;

    // Earlier versions can lose a commit when two connections reset the log at once
    // (https://sqlite.org/wal.html#walresetbug).
    private const int VersionMin = 3_051_003;

    // Negative: KiB. The writer uses the same few index pages all the time; readers come and go.
    private const string WriterSettings =
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; " +
        "PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = OFF;";
    private const string ReaderSettings =
        "PRAGMA query_only = ON; PRAGMA cache_size = -2048; PRAGMA temp_store = MEMORY;";

    /// <summary>The size of a store's files, and the free space on their disk; null: the disk doesn't say.</summary>
    public static StoreFiles? FilesOf(string folder)
    {
        try
        {
            return new(BytesOf(FileName), BytesOf(FileName + "-wal"), new DriveInfo(folder).AvailableFreeSpace);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        // An idle store may have no log.
        long BytesOf(string name) =>
            new FileInfo(Path.Combine(folder, name)) is { Exists: true } file ? file.Length : 0;
    }

    /// <summary>Opens for writing and brings the schema up to date.</summary>
    public static SqliteConnection OpenWriter(string folder) => OpenWriter(folder, out _);

    /// <summary>The same.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="upgrade">The schema upgrade; null for none, or for a new store.</param>
    public static SqliteConnection OpenWriter(string folder, out SchemaUpgrade? upgrade)
    {
        var version = SqliteNative.sqlite3_libversion_number();
        if (version < VersionMin)
        {
            throw Unusable(
                $"SQLite {version} is too old: {VersionMin} or newer is needed, since earlier ones can lose a commit");
        }

        var path = Path.Combine(folder, FileName);
        RefuseLogWithoutDatabase(path);
        SqliteConnection? connection = null;
        try
        {
            connection = new(path, SqliteNative.OpenReadWrite | SqliteNative.OpenCreate, commitsOften: true);
            // A refused database is left as it is: closing would copy the log into a database that may be damaged.
            connection.KeepLogOnClose(true);
            var isNew = IsNew(connection);
            // Must come before the first table, or it has no effect: lets retention return space gradually.
            if (isNew)
            {
                connection.Execute($"PRAGMA auto_vacuum = INCREMENTAL; PRAGMA application_id = {ApplicationId};");
            }
            else Inspect(connection, path);
            connection.Execute(WriterSettings);
            connection.WatchLog();
            upgrade = SqliteMigrations.Run(connection, path);
            SettleLog(connection);
            connection.KeepLogOnClose(false);
            return connection;
        }
        catch (SqliteError error)
        {
            connection?.Dispose();
            throw Unusable(Explain(path, error), error);
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

    /// <summary>
    /// Whether the database has no tables yet: its creation was interrupted, and the next coordinator continues it.
    /// </summary>
    /// <exception cref="StoreException">The database is missing or empty, and its log is not.</exception>
    public static bool IsHalfMade(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return false;
        RefuseLogWithoutDatabase(path);
        try
        {
            using var connection = new SqliteConnection(path, SqliteNative.OpenReadWrite);
            connection.KeepLogOnClose(true);
            return IsNew(connection);
        }
        catch (SqliteError)
        {
            // The next open reports the error.
            return false;
        }
    }

    /// <summary>
    /// Opens it for a full check, with or without a running coordinator; neither the database nor its log is changed.
    /// </summary>
    /// <exception cref="StoreException">There is no Weft database, or only its log.</exception>
    public static SqliteConnection OpenSnapshot(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) throw Unusable($"There is no database at {path}");
        RefuseLogWithoutDatabase(path);
        return IsAtRest(path)
            ? OpenSnapshotOf(path, ImmutableAddress(path), SqliteNative.OpenReadOnly | SqliteNative.OpenUri)
            : OpenSnapshotOf(path, path, SqliteNative.OpenReadWrite);
    }

    /// <summary>
    /// The same for a file that nobody writes to, such as a backup: not even a lock file is created next to it.
    /// </summary>
    /// <exception cref="StoreException">It is not a Weft database.</exception>
    public static SqliteConnection OpenFile(string path)
    {
        if (!File.Exists(path)) throw Unusable($"There is no file {path}");
        return OpenSnapshotOf(path, ImmutableAddress(path), SqliteNative.OpenReadOnly | SqliteNative.OpenUri);
    }

    /// <summary>One line for people about a database that can't be used.</summary>
    public static string Explain(string path, SqliteError error) => error.IsDamage
        ? $"{path} can't be opened: {error.Message}. It was left unchanged. Run 'weft check' for details, " +
            "or 'weft restore' to restore a backup"
        : $"{path} can't be opened: {error.Message}";

    /// <summary>
    /// The file as a URI that SQLite reads without locks and without files next to it (https://sqlite.org/uri.html).
    /// Each name of the path is escaped by itself: .NET's own Uri treats <c>%41</c> in a file's name as an escape.
    /// </summary>
    private static string ImmutableAddress(string path)
    {
        var names = Path.GetFullPath(path).Split(Path.DirectorySeparatorChar).Select(Uri.EscapeDataString);
        return $"file:{(OperatingSystem.IsWindows() ? "///" : "//")}{string.Join('/', names)}?immutable=1";
    }

    /// <summary>
    /// Whether nobody has the database open, and it is on a read-only disk, such as a snapshot: SQLite could not create
    /// the log's index there. A running coordinator keeps that index next to its database.
    /// </summary>
    private static bool IsAtRest(string path)
    {
        if (File.Exists(path + "-shm") || new FileInfo(path + "-wal") is { Exists: true, Length: > 0 }) return false;
        try
        {
            using var file = File.OpenHandle(
                path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            return false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception is IOException error && FileErrors.IsReadOnly(error);
        }
    }

    private static SqliteConnection OpenSnapshotOf(string path, string address, int flags)
    {
        SqliteConnection? connection = null;
        try
        {
            connection = new(address, flags);
            connection.KeepLogOnClose(true);
            if (connection.ReadLong("PRAGMA application_id") != ApplicationId)
            {
                throw Unusable($"{path} is not a Weft database");
            }

            SqliteMigrations.RefuseUnknown(connection, path);
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

    // SQLite would create a new database, and delete the log: with it all that was not yet copied.
    private static void RefuseLogWithoutDatabase(string path)
    {
        var log = new FileInfo(path + "-wal");
        if (log is { Exists: true, Length: > 0 } && new FileInfo(path) is not { Exists: true, Length: > 0 })
        {
            throw Unusable(
                $"{path} is missing or empty, but its log {log.Name} is not: " +
                "put the file back, or restore a backup into an empty folder");
        }
    }

    /// <summary>
    /// It has no table yet; its first page may exist, marked as ours or not, if a crash hit one of the first writes.
    /// </summary>
    private static bool IsNew(SqliteConnection connection) =>
        connection.ReadLong("PRAGMA application_id") is 0 or ApplicationId
            && connection.ReadLong("SELECT count(*) FROM sqlite_schema") == 0;

    private static void Inspect(SqliteConnection connection, string path)
    {
        if (connection.ReadLong("PRAGMA application_id") != ApplicationId)
        {
            throw Unusable($"{path} is not a Weft database");
        }

        SqliteMigrations.RefuseUnknown(connection, path);
        SqliteQuickCheck.Check(connection);
    }

    /// <summary>
    /// Copies an earlier run's log into the database, and syncs it. After a failed sync the system may hold pages of
    /// the log in memory as clean that never reached the disk; later commits would be lost with them in a power cut.
    /// </summary>
    private static void SettleLog(SqliteConnection connection) =>
        connection.Checkpoint(SqliteNative.CheckpointTruncate);

    public static StoreException Unusable(string message, Exception? inner = null) =>
        new(StoreErrorKind.Unusable, message + ".", inner);
}
