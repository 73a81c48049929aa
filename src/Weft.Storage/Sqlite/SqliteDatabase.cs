using Weft.Core.Storage;
using Weft.Storage.Engine;
using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Sqlite;

/// <summary>
/// Opens the database file: its settings, its place on disk, and a plain sentence when it can't be used.
/// </summary>
internal static class SqliteDatabase
{
    public const string FileName = "weft.db";

    // "Weft": tells our file from any other SQLite database (https://sqlite.org/pragma.html#pragma_application_id).
    private const int ApplicationId = 0x57656674;

    // Earlier versions can lose a commit when two connections reset the log at once
    // (https://sqlite.org/wal.html#walresetbug).
    private const int VersionMin = 3_051_003;

    // Negative: KiB. The writer walks the same few index pages all the time; readers come and go.
    private const string WriterSettings =
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; " +
        "PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = OFF;";
    private const string ReaderSettings =
        "PRAGMA query_only = ON; PRAGMA cache_size = -2048; PRAGMA temp_store = MEMORY;";

    /// <summary>
    /// How large the files of a folder's store are, and what is free beside them; null: the disk doesn't say.
    /// </summary>
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

        // A store that is idle may have no log.
        long BytesOf(string name) =>
            new FileInfo(Path.Combine(folder, name)) is { Exists: true } file ? file.Length : 0;
    }

    /// <summary>Opens for writing and brings the schema up to date.</summary>
    public static SqliteConnection OpenWriter(string folder) => OpenWriter(folder, out _);

    /// <summary>The same.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="upgrade">What was done to the schema; null for nothing, or a new one.</param>
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
            // What is refused is left as it is: closing would copy the log into a database that may be damaged.
            connection.KeepLogOnClose(true);
            var isNew = IsNew(connection);
            // Before the first table, or it has no effect: lets retention give space back bit by bit.
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
    /// Whether the database has no tables yet: what made it was stopped on the way, and the next coordinator goes on
    /// with it.
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
            // Whoever opens it next says what is wrong with it.
            return false;
        }
    }

    /// <summary>
    /// Opens for a look at everything, beside a coordinator or without one; neither the database nor its log is
    /// changed.
    /// </summary>
    /// <exception cref="StoreException">There is no database of ours, or nothing but its log.</exception>
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
    /// The same for a file that nobody writes, such as a backup: not even a lock file is put beside it.
    /// </summary>
    /// <exception cref="StoreException">It is no database of ours.</exception>
    public static SqliteConnection OpenFile(string path)
    {
        if (!File.Exists(path)) throw Unusable($"There is no file {path}");
        return OpenSnapshotOf(path, ImmutableAddress(path), SqliteNative.OpenReadOnly | SqliteNative.OpenUri);
    }

    /// <summary>One line for people on a database that can't be used.</summary>
    public static string Explain(string path, SqliteError error) => error.IsDamage
        ? $"{path} can't be opened: {error.Message}. It was left as it is; 'weft check' tells more, " +
            "and 'weft restore' brings a backup back"
        : $"{path} can't be opened: {error.Message}";

    /// <summary>
    /// The file as a URI that SQLite reads without locks and without files beside it (https://sqlite.org/uri.html).
    /// Each name of the path is escaped by itself: .NET's own Uri takes a <c>%41</c> of a file's name for an escape.
    /// </summary>
    private static string ImmutableAddress(string path)
    {
        var names = Path.GetFullPath(path).Split(Path.DirectorySeparatorChar).Select(Uri.EscapeDataString);
        return $"file:{(OperatingSystem.IsWindows() ? "///" : "//")}{string.Join('/', names)}?immutable=1";
    }

    /// <summary>
    /// Whether nobody has the database open, and it lies where it can only be read, such as a snapshot of a disk:
    /// SQLite could make no index of the log there. A coordinator at work keeps that index beside its database.
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

    // SQLite would make a new database, and throw the log away: with it all that was not yet copied.
    private static void RefuseLogWithoutDatabase(string path)
    {
        var log = new FileInfo(path + "-wal");
        if (log is { Exists: true, Length: > 0 } && new FileInfo(path) is not { Exists: true, Length: > 0 })
        {
            throw Unusable(
                $"{path} is missing or empty though its log {log.Name} is not: " +
                "bring the file back, or restore a backup into an empty folder");
        }
    }

    /// <summary>
    /// No table is in it yet; perhaps its first page, marked as ours or not, where a crash met one of the first writes.
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
    /// Copies what an earlier run left in the log into the database, and syncs that. After a failed sync the system may
    /// hold pages of the log in memory as clean that never reached the disk; commits after them would be lost with them
    /// in a power cut.
    /// </summary>
    private static void SettleLog(SqliteConnection connection) =>
        connection.Checkpoint(SqliteNative.CheckpointTruncate);

    public static StoreException Unusable(string message, Exception? inner = null) =>
        new(StoreErrorKind.Unusable, message + ".", inner);
}
