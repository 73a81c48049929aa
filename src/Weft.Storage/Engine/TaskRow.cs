using Weft.Core.Tasks;
using Weft.Core.Tracing;

namespace Weft.Storage.Engine;

/// <summary>
/// A task's row: its columns, those that every SELECT of tasks begins with, those of a new task, and how they are read
/// and written.
/// </summary>
internal static class TaskRow
{
    /// <summary>All columns that every engine stores, with their SQL types.</summary>
    public const string Stored =
        "id bigint, lane int, state smallint, priority smallint, attempt int, failures int, max_attempts int, " +
        "lease_ms int, submitted_at bigint, run_at bigint, expires_at bigint, due_at bigint, lease_token bigint, " +
        "lease_worker text, lease_from bigint, lease_until bigint, progress float8, finished_at bigint, " +
        "group_id bigint, group_finish bigint, type text, ready_at bigint, trace text";

    /// <summary>The columns of a new task, except its number.</summary>
    public const string NewColumns =
        "lane, state, priority, max_attempts, lease_ms, submitted_at, run_at, expires_at, due_at, group_id, type, " +
        "ready_at, trace";

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

    /// <summary>A text for each of <see cref="NewColumns"/>, separated by commas.</summary>
    /// <param name="write">Receives the column, its type, and its position from 1.</param>
    public static string EachNew(Func<string, string, int, string> write)
    {
        var types = Stored.Split(", ").Select(static column => column.Split(' '))
            .ToDictionary(static words => words[0], static words => words[1]);
        return string.Join(
            ", ", NewColumns.Split(", ").Select((column, index) => write(column, types[column], index + 1)));
    }

    /// <summary>The <see cref="NewColumns"/> of one task.</summary>
    public static void WriteNew<TValues>(TValues values, TaskRecord task, Lane lane)
        where TValues : struct, IParameters
    {
        values.With(lane.Id);
        values.With((long)task.State);
        values.With(task.Priority);
        values.With(task.MaxAttempts);
        values.With((long)task.LeaseTime.TotalMilliseconds);
        values.With(task.SubmittedAt.ToUnixTimeMilliseconds());
        values.With(StoreRows.Milliseconds(task.RunAt));
        values.With(StoreRows.Milliseconds(task.ExpiresAt));
        values.With(StoreRows.Milliseconds(task.DueAt));
        values.With(task.Group?.Value);
        values.With(task.Type);
        values.With(StoreRows.Milliseconds(task.ReadyAt));
        values.With(task.Trace?.Write());
    }

    /// <summary>The same for many, a column each.</summary>
    public static void WriteNew(RoundTrip trip, NewTasks tasks) => trip
        .With(tasks.Column(static task => task.Lane.Id))
        .With(tasks.Column(static task => (short)task.Record.State))
        .With(tasks.Column(static task => (short)task.Record.Priority))
        .With(tasks.Column(static task => task.Record.MaxAttempts))
        .With(tasks.Column(static task => (int)task.Record.LeaseTime.TotalMilliseconds))
        .With(tasks.Column(static task => task.Record.SubmittedAt.ToUnixTimeMilliseconds()))
        .With(tasks.Column(static task => StoreRows.Milliseconds(task.Record.RunAt)))
        .With(tasks.Column(static task => StoreRows.Milliseconds(task.Record.ExpiresAt)))
        .With(tasks.Column(static task => StoreRows.Milliseconds(task.Record.DueAt)))
        .With(tasks.Column(static task => task.Record.Group?.Value))
        .With(tasks.Column(static task => task.Record.Type))
        .With(tasks.Column(static task => StoreRows.Milliseconds(task.Record.ReadyAt)))
        .With(tasks.Column(static task => task.Record.Trace?.Write()));

    /// <param name="row">The row.</param>
    /// <param name="lane">The lane of the row's column <see cref="Lane"/>.</param>
    /// <param name="error">Why the last attempt failed, if that was read as well.</param>
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
