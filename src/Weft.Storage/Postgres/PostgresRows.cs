using Npgsql;
using Weft.Core.Tasks;

namespace Weft.Storage.Postgres;

/// <summary>Reads a task's row: the columns that every SELECT of tasks in <see cref="PostgresSql"/> begins with.</summary>
internal static class PostgresRows
{
    /// <summary>The columns of a task; what a SELECT adds to them begins here.</summary>
    public const int TaskColumnCount = 20;

    public const int GroupColumn = 17;

    public static PostgresTask ReadTask(NpgsqlDataReader row, PostgresLane lane) => new(ReadRecord(row, lane, error: null), lane, row.GetInt32(19));

    /// <summary>The number of the row's lane, which must be known to read the rest.</summary>
    public static int Lane(NpgsqlDataReader row) => row.GetInt32(1);

    public static TaskRecord ReadRecord(NpgsqlDataReader row, PostgresLane lane, string? error) => new()
    {
        Id = new(row.GetInt64(0)),
        Queue = lane.Queue,
        Requires = lane.Requires,
        State = (TaskState)row.GetInt16(2),
        Priority = row.GetInt16(3),
        Attempt = row.GetInt32(4),
        Failures = row.GetInt32(5),
        MaxAttempts = row.GetInt32(6),
        LeaseTime = TimeSpan.FromMilliseconds(row.GetInt32(7)),
        SubmittedAt = Time(row.GetInt64(8)),
        RunAt = TimeOrNull(row, 9),
        ExpiresAt = TimeOrNull(row, 10),
        Lease = row.IsDBNull(11) ? null : new(new(row.GetInt64(11)), row.GetString(12), Time(row.GetInt64(13)), Time(row.GetInt64(14))),
        Progress = row.IsDBNull(15) ? null : row.GetDouble(15),
        FinishedAt = TimeOrNull(row, 16),
        Group = row.IsDBNull(GroupColumn) ? null : new GroupId(row.GetInt64(GroupColumn)),
        Type = TextOrNull(row, 18),
        Error = error,
    };

    public static string? TextOrNull(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static byte[] Bytes(NpgsqlDataReader row, int column) => row.GetFieldValue<byte[]>(column);

    public static ReadOnlyMemory<byte>? BytesOrNull(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? (ReadOnlyMemory<byte>?)null : row.GetFieldValue<byte[]>(column);

    public static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    public static long? Milliseconds(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds();

    public static DateTimeOffset? TimeOrNull(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : Time(row.GetInt64(column));
}
