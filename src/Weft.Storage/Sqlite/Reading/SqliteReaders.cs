using System.Collections.Concurrent;
using Weft.Core.Storage;
using Weft.Storage.Engine;
using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Sqlite;

/// <summary>
/// Reading connections, each with its own snapshot of the log: reads never wait for the writer. At most
/// <paramref name="max"/> are open; further callers wait for one. If a read finds damage, <paramref name="damaged"/> is
/// called.
/// </summary>
internal sealed class SqliteReaders(
    Func<SqliteConnection> open, SqliteLanes lanes, int max, Action<SqliteError> damaged)
    : IStoreReader, IAsyncDisposable
{
    private readonly ConcurrentBag<SqliteConnection> _idle = [];
    private readonly SemaphoreSlim _free = new(max);
    private volatile bool _closed;

    public EngineSql Sql => SqliteSql.Own;

    public int RowsAtOnceMax => int.MaxValue;

    public Lane LaneOf(long id, IStatements statements) => lanes.ById(id, ((SqliteStatements)statements).Connection);

    /// <summary>In one snapshot.</summary>
    public async Task<T> RunAsync<T>(Func<IStatements, Func<T>> ask)
    {
        // A read may wait for the disk, and the caller may be a thread that serves many sockets.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (_closed) throw Closed();
        await _free.WaitAsync();
        try
        {
            return _closed ? throw Closed() : Run(ask);
        }
        catch (SqliteError error)
        {
            if (error.IsDamage) damaged(error);
            throw new StoreException(StoreErrorKind.Unavailable, $"The store can't be read: {error.Message}.", error);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Waits for the running reads, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        _closed = true;
        for (var i = 0; i < max; i++) await _free.WaitAsync();
        while (_idle.TryTake(out var connection)) connection.Dispose();
        _free.Release(max);
    }

    private static StoreException Closed() => new(StoreErrorKind.Unavailable, "The store is closed.");

    private T Run<T>(Func<IStatements, Func<T>> ask)
    {
        var connection = _idle.TryTake(out var idle) ? idle : open();
        try
        {
            connection.Prepared(SqliteSql.BeginRead).Run();
            var statements = new SqliteStatements(connection);
            var found = ask(statements);
            statements.Finish();
            var answer = found();
            connection.Prepared(SqliteSql.Commit).Run();
            _idle.Add(connection);
            return answer;
        }
        catch
        {
            // A failed read would hold its snapshot, and with it the log, for ever.
            connection.Dispose();
            throw;
        }
    }
}
