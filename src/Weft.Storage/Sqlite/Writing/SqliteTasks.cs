using Weft.Core.Tasks;
using Weft.Storage.Engine;
using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Sqlite;

/// <summary>
/// The rows of tasks and of their payloads, for the writer: recent ones are read from memory, and all are written to
/// the database. Used only by the writer's thread.
/// </summary>
internal sealed class SqliteTasks(SqliteConnection connection, SqliteLanes lanes)
{
    private readonly SqliteRecentTaskCache _young = new();

    public TaskRecord? Find(TaskId id) => _young.Find(id)
        ?? connection.Prepared(SqliteSql.SelectTask).Bind(id.Value).First(row => SqliteRows.ReadTask(row, lanes));

    public Payload PayloadOf(TaskId id) => _young.PayloadOf(id)
        ?? connection.Prepared(SqliteSql.SelectPayload).Bind(id.Value).First(
            static Payload? (row) => new(row.Bytes(1), row.Bool(0)))!.Value;

    /// <summary>
    /// Adds the first ready tasks of a lane to <paramref name="offered"/>, at most <paramref name="max"/>.
    /// </summary>
    public void Offer(SqliteLane lane, int max, List<TaskRecord> offered)
    {
        if (TryOfferYoung(lane, max, offered)) return;
        var row = connection.Prepared(SqliteSql.SelectReady).Bind(lane.Id).Bind(max);
        while (row.Step()) offered.Add(TaskRow.Read(new SqliteRow(row), lane));
        row.Reset();
    }

    /// <summary>The number of a task's files; null for none.</summary>
    public long? FilesOf(TaskId id) =>
        connection.Prepared(SqliteSql.SelectTaskFiles).Bind(id.Value).First(static row => row.LongOrNull(0));

    public void Insert(TaskRecord task, Lane lane, Payload payload)
    {
        InsertRow(task, lane);
        connection.Prepared(SqliteSql.InsertPayload)
            .Bind(task.Id.Value)
            .Bind(payload.IsJson ? 1 : 0)
            .Bind(payload.Bytes).Run();
        _young.Add(task, payload);
    }

    /// <summary>Only the row: the payload is stored elsewhere.</summary>
    public void InsertRow(TaskRecord task, Lane lane)
    {
        var row = connection.Prepared(SqliteSql.InsertTask).Bind(task.Id.Value);
        TaskRow.WriteNew(new Values(row), task, lane);
        row.Run();
    }

    /// <summary>
    /// Writes the columns that a transition changed: most change only the lease, or only the end, so that the indexes
    /// of other columns aren't touched.
    /// </summary>
    public void Update(TaskRecord old, TaskRecord task, long? groupFinish)
    {
        var update = ChangeOf(old, task) switch
        {
            RowChange.Lease => BindLease(BindChange(SqliteSql.UpdateLease, task), task),
            RowChange.End => BindEnd(BindChange(SqliteSql.UpdateEnd, task), task, groupFinish),
            _ => BindRest(BindEnd(BindLease(BindChange(SqliteSql.UpdateTask, task), task), task, groupFinish), task),
        };
        update.Bind(task.Id.Value).Run();
        if (old.Priority != task.Priority)
        {
            connection.Prepared(SqliteSql.UpdatePriority).Bind(task.Priority).Bind(task.Id.Value).Run();
        }

        _young.Update(task);
    }

    /// <summary>A transaction was rolled back, and the cache may have what it had written.</summary>
    public void Forget() => _young.Clear();

    /// <summary>
    /// The same as <see cref="Offer"/> but only from the index; false, and nothing is added, unless all of them are
    /// recent.
    /// </summary>
    private bool TryOfferYoung(SqliteLane lane, int max, List<TaskRecord> offered)
    {
        var before = offered.Count;
        var areYoung = true;
        var row = connection.Prepared(SqliteSql.SelectReadyIds).Bind(lane.Id).Bind(max);
        while (areYoung && row.Step())
        {
            if (_young.Find(new(row.Long(0))) is { } task) offered.Add(task);
            else areYoung = false;
        }

        row.Reset();
        if (!areYoung) offered.RemoveRange(before, offered.Count - before);
        return areYoung;
    }

    private static RowChange ChangeOf(TaskRecord old, TaskRecord task)
    {
        if (old.Failures != task.Failures || old.RunAt != task.RunAt || old.ExpiresAt != task.ExpiresAt
            || old.ReadyAt != task.ReadyAt)
        {
            return RowChange.All;
        }

        if (old.Attempt == task.Attempt && old.Lease == task.Lease && old.Progress == task.Progress)
        {
            return RowChange.End;
        }

        return old.FinishedAt == task.FinishedAt ? RowChange.Lease : RowChange.All;
    }

    private SqliteStatement BindChange(string sql, TaskRecord task) =>
        connection.Prepared(sql).Bind((long)task.State).Bind(StoreRows.Milliseconds(task.DueAt));

    private static SqliteStatement BindLease(SqliteStatement update, TaskRecord task) => update
        .Bind(task.Attempt)
        .Bind(task.Lease?.Token.Value)
        .Bind(task.WorkerId)
        .Bind(StoreRows.Milliseconds(task.Lease?.ClaimedAt))
        .Bind(StoreRows.Milliseconds(task.Lease?.ExpiresAt))
        .Bind(task.Progress);

    private static SqliteStatement BindEnd(SqliteStatement update, TaskRecord task, long? groupFinish) =>
        update.Bind(StoreRows.Milliseconds(task.FinishedAt)).Bind(groupFinish);

    private static SqliteStatement BindRest(SqliteStatement update, TaskRecord task) => update
        .Bind(task.Failures)
        .Bind(StoreRows.Milliseconds(task.RunAt))
        .Bind(StoreRows.Milliseconds(task.ExpiresAt))
        .Bind(StoreRows.Milliseconds(task.ReadyAt));

    /// <summary>The parts of a row to write.</summary>
    private enum RowChange
    {
        /// <summary>The lease, and the columns that every change includes.</summary>
        Lease,

        /// <summary>The end.</summary>
        End,

        All,
    }

    // A struct, so that binding goes through no interface.
    private readonly struct Values(SqliteStatement row) : IParameters
    {
        public IParameters With(long? value) => row.Bind(value);

        public IParameters With(string? value) => row.Bind(value);

        public IParameters With(ReadOnlyMemory<byte>? value) => row.Bind(value);
    }
}
