using Weft.Storage.Engine;
using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Sqlite;

/// <summary>Statements on one connection: each runs when the next one is added, or at <see cref="Finish"/>.</summary>
internal sealed class SqliteStatements(SqliteConnection connection) : IStatements
{
    private SqliteStatement? _added;
    private Func<IRow, bool>? _isLast;

    public SqliteConnection Connection => connection;

    public IParameters Run(string sql) => Add(sql, isLast: null);

    public IParameters QueryUntil(string sql, Func<IRow, bool> isLast) => Add(sql, isLast);

    /// <summary>Runs the statement added last.</summary>
    public void Finish()
    {
        if (_added is not { } statement) return;
        var isLast = _isLast;
        Forget();
        IRow row = new SqliteRow(statement);
        while (statement.Step() && isLast?.Invoke(row) != true)
        {
        }

        statement.Reset();
    }

    /// <summary>Drops a statement that was added and has not run.</summary>
    public void Forget() => (_added, _isLast) = (null, null);

    private SqliteStatement Add(string sql, Func<IRow, bool>? isLast)
    {
        Finish();
        (_added, _isLast) = (connection.Prepared(sql), isLast);
        return _added;
    }
}
