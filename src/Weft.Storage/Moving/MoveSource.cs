using System.Globalization;
using Weft.Core.Storage;
using Weft.Storage.Sqlite;
using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Moving;

/// <summary>The SQLite store that is carried over: held so that no coordinator starts on it, read, and never written.</summary>
internal sealed class MoveSource : IDisposable
{
    private readonly SqliteFolderLock _lock;
    private readonly SqliteConnection _connection;

    private MoveSource(SqliteFolderLock folderLock, SqliteConnection connection)
    {
        (_lock, _connection) = (folderLock, connection);
        Tasks = connection.ReadLong(SqliteSql.CountTasks);
        Mark = ReadMark();
    }

    /// <summary>How many tasks there are.</summary>
    public long Tasks { get; }

    /// <summary>Another text once the store was used again.</summary>
    public string Mark { get; }

    /// <exception cref="StoreException">There is no store, a coordinator is at work on it, or another version wrote it.</exception>
    public static MoveSource Open(string folder)
    {
        var path = Path.Combine(folder, SqliteDatabase.FileName);
        // Before the lock, which would make the folder.
        if (!File.Exists(path)) throw SqliteDatabase.Unusable($"There is no database at {path}");
        var folderLock = new SqliteFolderLock(folder);
        SqliteConnection? connection = null;
        try
        {
            connection = SqliteDatabase.OpenSnapshot(folder);
            SqliteMigrations.RefuseOlder(connection, path);
            SqliteSoundness.Check(connection);
            connection.Prepared(SqliteSql.BeginRead).Run();
            return new(folderLock, connection);
        }
        catch (Exception exception)
        {
            connection?.Dispose();
            folderLock.Dispose();
            throw exception is SqliteError error ? SqliteDatabase.Unusable(SqliteDatabase.Explain(path, error), error) : exception;
        }
    }

    /// <summary>Tasks after an id, in the order of their ids: up to <paramref name="max"/>, or fewer when their bodies are large.</summary>
    public List<MovedTask> ReadTasks(long after, int max, long bytesMax)
    {
        var tasks = new List<MovedTask>(max);
        long bytes = 0;
        var row = _connection.Prepared(SqliteSql.SelectMoving).Bind(after).Bind(max);
        while (bytes <= bytesMax && row.Step())
        {
            tasks.Add(ReadTask(row));
            bytes += tasks[^1].Bytes;
        }

        row.Reset();
        return tasks;
    }

    /// <summary>The rows of a statement, each as <paramref name="read"/> makes it of them.</summary>
    public IEnumerable<T> Read<T>(string sql, Func<SqliteStatement, T> read, long? argument = null)
    {
        var row = _connection.Prepared(sql);
        if (argument is { } bound) row.Bind(bound);
        try
        {
            while (row.Step()) yield return read(row);
        }
        finally
        {
            row.Reset();
        }
    }

    /// <summary>The last number that a sequence gave out; 0 for none.</summary>
    public long LastOf(string sequence) => Read(SqliteSql.SelectSequences, static row => (Name: row.Text(0), Last: row.Long(1))).ToArray().FirstOrDefault(last => last.Name == sequence).Last;

    public long LastToken() => _connection.ReadLong(SqliteSql.SelectLastToken);

    public void Dispose()
    {
        _connection.Dispose();
        _lock.Dispose();
    }

    private string ReadMark() => Read(SqliteSql.SelectMark, static row => string.Create(
        CultureInfo.InvariantCulture, $"{row.TextOrNull(0)}; {row.TextOrNull(1)}; {row.LongOrNull(2)} {row.LongOrNull(3)} {row.LongOrNull(4)}")).Single();

    private static MovedTask ReadTask(SqliteStatement row) => new()
    {
        Id = row.Long(0),
        Lane = row.Int(1),
        State = (short)row.Int(2),
        Priority = (short)row.Int(3),
        Attempt = row.Int(4),
        Failures = row.Int(5),
        MaxAttempts = row.Int(6),
        LeaseMilliseconds = row.Int(7),
        SubmittedAt = row.Long(8),
        RunAt = row.LongOrNull(9),
        ExpiresAt = row.LongOrNull(10),
        DueAt = row.LongOrNull(11),
        LeaseToken = row.LongOrNull(12),
        LeaseWorker = Storable(row.TextOrNull(13)),
        LeaseFrom = row.LongOrNull(14),
        LeaseUntil = row.LongOrNull(15),
        Progress = row.DoubleOrNull(16),
        FinishedAt = row.LongOrNull(17),
        Group = row.LongOrNull(18),
        GroupFinish = row.LongOrNull(19),
        Type = Storable(row.TextOrNull(20)),
        IsJson = row.Long(21) != 0,
        Payload = row.Blob(22),
        Result = row.BlobOrNull(23),
        Checkpoint = row.BlobOrNull(24),
        Error = Storable(row.TextOrNull(25)),
        Owner = row.LongOrNull(26),
        Module = row.LongOrNull(27),
        Run = row.BlobOrNull(28),
        Key = Storable(row.TextOrNull(29)),
    };

    /// <summary>A text as PostgreSQL can keep it.</summary>
    public static string? Storable(string? text) => text is null ? null : Postgres.PostgresParameters.Storable(text);
}
