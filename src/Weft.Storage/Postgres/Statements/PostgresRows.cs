using Npgsql;
using Weft.Storage.Engine;

namespace Weft.Storage.Postgres;

/// <summary>The row that a reader stands on.</summary>
internal readonly struct PostgresRow(NpgsqlDataReader row) : IRow
{
    public bool IsNull(int column) => row.IsDBNull(column);

    public short Short(int column) => row.GetInt16(column);

    public int Int(int column) => row.GetInt32(column);

    public long Long(int column) => row.GetInt64(column);

    public double Double(int column) => row.GetDouble(column);

    public string Text(int column) => row.GetString(column);

    public bool Bool(int column) => row.GetBoolean(column);

    public byte[] Bytes(int column) => row.GetFieldValue<byte[]>(column);

    public T[] Array<T>(int column) => row.GetFieldValue<T[]>(column);

    /// <summary>How many bytes a column has, which are not read for it; 0 for NULL.</summary>
    public long BytesCount(int column) => row.IsDBNull(column) ? 0 : row.GetBytes(column, 0, null, 0, 0);
}

internal static class PostgresRows
{
    /// <summary>
    /// Those of <see cref="TaskRow"/>, and the bytes of the payload; what a SELECT adds to them begins here.
    /// </summary>
    public const int TaskColumnCount = TaskRow.ColumnCount + 1;

    public static LockedTask ReadTask(PostgresRow row, Lane lane) =>
        new(TaskRow.Read(row, lane), lane, row.Int(TaskRow.ColumnCount));

    public static long? Milliseconds(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds();
}
