using Weft.Core.Tasks;
using Weft.Core.Tracing;

namespace Weft.Storage.Engine;

/// <summary>A task's row: the columns that every SELECT of tasks begins with, and how they are read.</summary>
internal static class TaskRow
{
    /// <summary>Of the table <c>tasks t</c>, in the order of <see cref="Read"/>.</summary>
    public const string Columns = """
        t.id, t.lane, t.state, t.priority, t.attempt, t.failures, t.max_attempts, t.lease_ms, t.submitted_at,
            t.run_at, t.expires_at, t.lease_token, t.lease_worker, t.lease_from, t.lease_until, t.progress,
            t.finished_at, t.group_id, t.type, t.ready_at,
            t.trace
        """;

    public const int ColumnCount = 21;
    public const int Lane = 1;
    public const int State = 2;
    public const int Group = 17;

    /// <param name="row">The row.</param>
    /// <param name="lane">That of the row's column <see cref="Lane"/>.</param>
    /// <param name="error">Why the last attempt failed, where that was read, too.</param>
    public static TaskRecord Read<TRow>(TRow row, Lane lane, string? error = null)
        where TRow : IRow => new()
    {
        Id = new(row.Long(0)),
        Queue = lane.Queue,
        Requires = lane.Requires,
        State = (TaskState)row.Short(State),
        Priority = row.Short(3),
        Attempt = row.Int(4),
        Failures = row.Int(5),
        MaxAttempts = row.Int(6),
        LeaseTime = TimeSpan.FromMilliseconds(row.Int(7)),
        SubmittedAt = row.Time(8),
        RunAt = row.TimeOrNull(9),
        ExpiresAt = row.TimeOrNull(10),
        Lease = row.IsNull(11) ? null : new(new(row.Long(11)), row.Time(13), row.Time(14)),
        WorkerId = row.TextOrNull(12),
        Progress = row.DoubleOrNull(15),
        FinishedAt = row.TimeOrNull(16),
        Group = row.IsNull(Group) ? null : new GroupId(row.Long(Group)),
        Type = row.TextOrNull(18),
        ReadyAt = row.TimeOrNull(19),
        Trace = row.IsNull(20) ? null : TaskTrace.Read(row.Text(20)),
        Error = error,
    };
}
