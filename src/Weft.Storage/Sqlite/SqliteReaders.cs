using System.Collections.Concurrent;
using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Sqlite;

/// <summary>
/// Reading connections, each with its own snapshot of the log: reads never wait for the writer.
/// At most <paramref name="max"/> are open; who comes then waits for one.
/// </summary>
internal sealed class SqliteReaders(Func<SqliteConnection> open, int max) : IDisposable
{
    private readonly ConcurrentBag<SqliteConnection> _idle = [];
    private readonly SemaphoreSlim _free = new(max);

    /// <summary>Runs <paramref name="read"/> in one snapshot.</summary>
    public async Task<T> RunAsync<TArgument, T>(TArgument argument, Func<SqliteConnection, TArgument, T> read)
    {
        await _free.WaitAsync();
        try
        {
            var connection = _idle.TryTake(out var idle) ? idle : open();
            try
            {
                connection.Prepared(SqliteSql.BeginRead).Run();
                return read(connection, argument);
            }
            finally
            {
                connection.Prepared(SqliteSql.Commit).Run();
                _idle.Add(connection);
            }
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose()
    {
        while (_idle.TryTake(out var connection)) connection.Dispose();
        _free.Dispose();
    }
}
