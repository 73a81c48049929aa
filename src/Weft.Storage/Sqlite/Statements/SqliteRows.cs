using Weft.Core.Tasks;
using Weft.Storage.Engine;
using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Sqlite;

/// <summary>A statement's current row.</summary>
internal readonly struct SqliteRow(SqliteStatement statement) : IRow
{
    public bool IsNull(int column) => statement.IsNull(column);

    public short Short(int column) => (short)statement.Long(column);

    public int Int(int column) => statement.Int(column);

    public long Long(int column) => statement.Long(column);

    public double Double(int column) => statement.Double(column);

    public string Text(int column) => statement.Text(column);

    public bool Bool(int column) => statement.Long(column) != 0;

    public byte[] Bytes(int column) => statement.Blob(column);

    public long BytesCount(int column) => statement.BlobBytes(column);

    public int Copy(int column, byte[] into) => statement.Copy(column, into);
}

internal static class SqliteRows
{
    /// <summary>What is read of the first row; the default where there is none.</summary>
    public static T? First<T>(this SqliteStatement statement, Func<SqliteRow, T> read)
    {
        var first = statement.Step() ? read(new(statement)) : default;
        statement.Reset();
        return first;
    }

    /// <summary>Reads all rows.</summary>
    public static void Each(this SqliteStatement statement, Action<SqliteRow> read)
    {
        while (statement.Step()) read(new(statement));
        statement.Reset();
    }

    public static TaskRecord ReadTask(SqliteRow row, SqliteLanes lanes) =>
        TaskRow.Read(row, lanes.ById(row.Long(TaskRow.Lane)));
}
