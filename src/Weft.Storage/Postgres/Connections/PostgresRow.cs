using Npgsql;
using Weft.Storage.Engine;

namespace Weft.Storage.Postgres;

/// <summary>A reader's current row.</summary>
internal readonly struct PostgresRow(NpgsqlDataReader row) : IRemoteRow
{
    public bool IsNull(int column) => row.IsDBNull(column);

    public short Short(int column) => row.GetInt16(column);

    public int Int(int column) => row.GetInt32(column);

    public long Long(int column) => row.GetInt64(column);

    public double Double(int column) => row.GetDouble(column);

    public string Text(int column) => row.GetString(column);

    public bool Bool(int column) => row.GetBoolean(column);

    public byte[] Bytes(int column) => row.GetFieldValue<byte[]>(column);

    public int Copy(int column, byte[] into) => (int)row.GetBytes(column, 0, into, 0, into.Length);

    public string[] Texts(int column) => row.GetFieldValue<string[]>(column);

    public long[] Longs(int column) => row.GetFieldValue<long[]>(column);

    public long BytesCount(int column) => row.GetBytes(column, 0, null, 0, 0);
}
