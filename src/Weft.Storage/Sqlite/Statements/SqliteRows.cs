using Weft.Core.Tasks;
using Weft.Storage.Engine;
using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Sqlite;

/// <summary>The row that a statement has stepped to.</summary>
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
    public static TaskRecord ReadTask(SqliteStatement row, SqliteLanes lanes) =>
        ReadTask(row, lanes.ById(row.Long(TaskRow.Lane)));

    public static TaskRecord ReadTask(SqliteStatement row, SqliteLane lane) => TaskRow.Read(new SqliteRow(row), lane);
}
