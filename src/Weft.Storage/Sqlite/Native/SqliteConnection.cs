using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using static Weft.Storage.Sqlite.Native.SqliteNative;

namespace Weft.Storage.Sqlite.Native;

/// <summary>One connection, used by one thread at a time, with its prepared statements.</summary>
internal sealed class SqliteConnection : IDisposable
{
    public const int BusyMillisecondsMax = 5_000;

    // By reference: the keys are constants, and hashing a statement's text would cost more than running it.
    private readonly Dictionary<object, SqliteStatement> _statements = new(ReferenceEqualityComparer.Instance);
    private nint _db;
    private unsafe int* _logPages;

    // Counting every allocation under one mutex serves statistics that aren't used. Only before the first connection.
    static SqliteConnection() => _ = SqliteConfig.Set(ConfigMemoryStatus, 0);

    /// <param name="path">The database's file.</param>
    /// <param name="flags">SQLite's own (https://sqlite.org/c3ref/open.html).</param>
    /// <param name="commitsOften">Whether the log is worth <see cref="SqliteLogFiles"/>.</param>
    public SqliteConnection(string path, int flags, bool commitsOften = false)
    {
        var code = sqlite3_open_v2(path, out _db, flags | OpenNoMutex, commitsOften ? SqliteLogFiles.Name : null);
        if (code != Ok)
        {
            var message = _db == 0 ? "out of memory" : ErrorText(_db);
            Dispose();
            throw new SqliteError(code, message);
        }

        _ = sqlite3_extended_result_codes(_db, 1);
        // Otherwise SQLite plans a statement again at each binding of a parameter that a partial index might be
        // compared with.
        _ = SqliteConfig.Set(_db, DbConfigStablePlans, 1);
        WaitForOthers(BusyMillisecondsMax);
    }

    /// <summary>How long a call waits for another connection's lock.</summary>
    public void WaitForOthers(int millisecondsMax) => _ = sqlite3_busy_timeout(_db, millisecondsMax);

    /// <summary>True: closing leaves the log as it is, instead of copying it into the database.</summary>
    public void KeepLogOnClose(bool keep) => _ = SqliteConfig.Set(_db, DbConfigKeepLogOnClose, keep ? 1 : 0);

    /// <summary>
    /// Rolls back the open transaction, unless SQLite has already done so, as it does after some errors.
    /// </summary>
    public void Rollback()
    {
        // A failed statement must neither hold a snapshot nor keep the parameters bound so far.
        foreach (var statement in _statements.Values) statement.Reset();
        if (sqlite3_get_autocommit(_db) == 0) Execute("ROLLBACK");
    }

    /// <summary>Runs statements without rows and parameters.</summary>
    public void Execute(string sql) => Check(sqlite3_exec(_db, sql, 0, 0, 0));

    /// <summary>
    /// The prepared form of <paramref name="sql"/>, created once for each constant of <see cref="SqliteSql"/>.
    /// </summary>
    public SqliteStatement Prepared(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement)) _statements.Add(sql, statement = Prepare(sql));
        return statement;
    }

    /// <summary>The first column of the first row of a query without parameters.</summary>
    public long ReadLong(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.Long(0) : 0;
    }

    /// <summary>
    /// Pages in the log after this connection's last commit, since the log was last restarted; needs
    /// <see cref="WatchLog"/>.
    /// </summary>
    public unsafe int LogPages => _logPages == null ? 0 : *_logPages;

    /// <summary>Maintains <see cref="LogPages"/>. Replaces SQLite's own automatic checkpoints.</summary>
    public unsafe void WatchLog()
    {
        _logPages = (int*)NativeMemory.AllocZeroed(sizeof(int));
        _ = sqlite3_wal_hook(_db, &OnCommit, _logPages);

        [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
        static int OnCommit(int* pages, nint db, byte* name, int pagesInLog)
        {
            *pages = pagesInLog;
            return Ok;
        }
    }

    /// <summary>
    /// Copies the log into the database as far as readers allow; returns how many frames the log has, and how many were
    /// copied.
    /// </summary>
    public unsafe (int Frames, int Copied) Checkpoint(int mode)
    {
        SqliteLogFiles.BeginCheckpoint();
        var code = sqlite3_wal_checkpoint_v2(_db, null, mode, out var frames, out var copied);
        SqliteLogFiles.EndCheckpoint();
        // Neither loses anything: the log has the committed data, and is copied when there is time and space.
        if ((code & 0xFF) is not (Busy or Full)) Check(code);
        return (frames, copied);
    }

    public unsafe void Dispose()
    {
        foreach (var statement in _statements.Values) statement.Dispose();
        _statements.Clear();
        if (_db != 0) _ = sqlite3_close_v2(_db);
        _db = 0;
        NativeMemory.Free(_logPages);
        _logPages = null;
    }

    internal void Check(int code)
    {
        if (code is not (Ok or Row or Done)) throw new SqliteError(code, ErrorText(_db));
    }

    private unsafe SqliteStatement Prepare(string sql)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes(sql))
        {
            var bytes = Encoding.UTF8.GetByteCount(sql);
            Check(sqlite3_prepare_v3(_db, text, bytes, PreparePersistent, out var handle, out _));
            return new(this, handle);
        }
    }
}
