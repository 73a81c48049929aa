using System.Globalization;
using Weft.Core.Storage;
using Weft.Storage.Engine;
using Weft.Storage.Sqlite;
using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Import;

/// <summary>The SQLite store to copy: locked so that no coordinator starts on it, read, and never written.</summary>
internal sealed class ImportSource : IDisposable
{
    private readonly SqliteFolderLock _lock;
    private readonly SqliteConnection _connection;

    private ImportSource(SqliteFolderLock folderLock, SqliteConnection connection)
    {
        (_lock, _connection) = (folderLock, connection);
        Tasks = connection.ReadLong(ImportSourceSql.CountTasks);
        Mark = ReadMark();
    }

    /// <summary>The number of tasks.</summary>
    public long Tasks { get; }

    /// <summary>A text that changes if the store is used again.</summary>
    public string Mark { get; }

    /// <exception cref="StoreException"> There is no store, a coordinator is using it, or another version wrote it.
    /// </exception>
    public static ImportSource Open(string folder)
    {
        var path = Path.Combine(folder, SqliteDatabase.FileName);
        // Before the lock, which would create the folder.
        if (!File.Exists(path)) throw SqliteDatabase.Unusable($"There is no database at {path}");
        var folderLock = new SqliteFolderLock(folder);
        SqliteConnection? connection = null;
        try
        {
            connection = SqliteDatabase.OpenSnapshot(folder);
            SqliteMigrations.RefuseOlder(connection, path);
            SqliteQuickCheck.Check(connection);
            connection.Prepared(SqliteSql.BeginRead).Run();
            return new(folderLock, connection);
        }
        catch (Exception exception)
        {
            connection?.Dispose();
            folderLock.Dispose();
            throw exception is SqliteError error
                ? SqliteDatabase.Unusable(SqliteDatabase.Explain(path, error), error)
                : exception;
        }
    }

    /// <summary>
    /// Tasks after an id, in the order of their ids: up to <paramref name="max"/>, or fewer if their bodies are large.
    /// </summary>
    public List<object?[]> ReadTasks(long after, int max, long bytesMax)
    {
        var tasks = new List<object?[]>(max);
        long bytes = 0;
        var row = _connection.Prepared(ImportTasks.SelectStored).Bind(after).Bind(max);
        while (bytes <= bytesMax && row.Step())
        {
            var task = ImportTasks.Read(new SqliteRow(row));
            ImportTasks.AddAttempts(task, ReadAttempts(ImportTasks.IdOf(task)));
            tasks.Add(task);
            bytes += ImportTasks.BytesOf(tasks[^1]);
        }

        row.Reset();
        return tasks;
    }

    /// <summary>The rows of a statement, each as <paramref name="read"/> makes it of them.</summary>
    public IEnumerable<T> Read<T>(string sql, Func<SqliteRow, T> read, long? argument = null)
    {
        var row = _connection.Prepared(sql);
        if (argument is { } bound) row.Bind(bound);
        try
        {
            while (row.Step()) yield return read(new(row));
        }
        finally
        {
            row.Reset();
        }
    }

    /// <summary>The last number that a sequence assigned; 0 for none.</summary>
    public long LastOf(string sequence) =>
        Read(SqliteSql.SelectSequences, static row => (Name: row.Text(0), Last: row.Long(1))).ToArray()
            .FirstOrDefault(last => last.Name == sequence).Last;

    /// <summary>The first module after a number; null: there is none.</summary>
    public long? NextModule(long last) =>
        Read(ImportSourceSql.SelectNextModule, static row => (long?)row.Long(0), last).FirstOrDefault();

    public long LastToken() => _connection.ReadLong(ImportSourceSql.SelectLastToken);

    public long LastOperation() => _connection.ReadLong(ImportSourceSql.SelectLastOperation);

    public long LastWebhook() => _connection.ReadLong(ImportSourceSql.SelectLastWebhook);

    public long LastDelivery() => _connection.ReadLong(ImportSourceSql.SelectLastDelivery);

    public long LastCorrection() => _connection.ReadLong(ImportSourceSql.SelectLastCorrection);

    public long LastAudit() => _connection.ReadLong(ImportSourceSql.SelectLastAudit);

    public void Dispose()
    {
        _connection.Dispose();
        _lock.Dispose();
    }

    private List<object?[]> ReadAttempts(long task)
    {
        var attempts = new List<object?[]>();
        _connection.Prepared(ImportAttempts.Select).Bind(task).Bind(task)
            .Each(row => attempts.Add(ImportAttempts.Read(row)));
        return attempts;
    }

    private string ReadMark() => Read(ImportSourceSql.SelectMark, static row =>
    {
        var (newestLease, oldestFinish, newestFinish) = (row.LongOrNull(2), row.LongOrNull(3), row.LongOrNull(4));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{row.TextOrNull(0)}; {row.TextOrNull(1)}; {newestLease} {oldestFinish} {newestFinish}");
    }).Single();
}
