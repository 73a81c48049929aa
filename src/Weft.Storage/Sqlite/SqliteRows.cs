using Weft.Core.Tasks;
using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Sqlite;

/// <summary>Reads a task's row: the columns that every SELECT of <see cref="SqliteSql"/> begins with.</summary>
internal static class SqliteRows
{
    /// <summary>The columns of a task; what a SELECT adds to them begins here.</summary>
    public const int TaskColumnCount = 19;

    public const int GroupColumn = 17;

    public static TaskRecord ReadTask(SqliteStatement row, SqliteLanes lanes) => ReadTask(row, lanes.ById(row.Long(1)));

    public static TaskRecord ReadTask(SqliteStatement row, SqliteLane lane) => new()
    {
        Id = new(row.Long(0)),
        Queue = lane.Queue,
        Requires = lane.Requires,
        State = (TaskState)row.Long(2),
        Priority = row.Int(3),
        Attempt = row.Int(4),
        Failures = row.Int(5),
        MaxAttempts = row.Int(6),
        LeaseTime = TimeSpan.FromMilliseconds(row.Long(7)),
        SubmittedAt = Time(row.Long(8)),
        RunAt = Time(row.LongOrNull(9)),
        ExpiresAt = Time(row.LongOrNull(10)),
        Lease = row.IsNull(11) ? null : new(new(row.Long(11)), row.Text(12), Time(row.Long(13)), Time(row.Long(14))),
        Progress = row.DoubleOrNull(15),
        FinishedAt = Time(row.LongOrNull(16)),
        Group = row.LongOrNull(GroupColumn) is { } group ? new GroupId(group) : null,
        Type = row.TextOrNull(18),
    };

    /// <summary>The same for a reader, where the SELECT adds the error's text as the next column.</summary>
    public static TaskRecord ReadTaskWithError(SqliteStatement row, SqliteLanes lanes, SqliteConnection snapshot) =>
        ReadTask(row, lanes.ById(row.Long(1), snapshot)) with { Error = row.TextOrNull(TaskColumnCount) };

    public static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    public static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } known ? Time(known) : null;

    public static long? Milliseconds(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds();
}
