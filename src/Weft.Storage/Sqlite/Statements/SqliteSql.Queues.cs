using Weft.Storage.Engine;
using Weft.Storage.Statements;

namespace Weft.Storage.Sqlite;

/// <summary>Queues and lanes, their counts, and the tasks that they lead to.</summary>
internal sealed partial class SqliteSql
{
    // tasks_ready; the first needs only the index
    public const string SelectReadyIds = $"""
        SELECT id
        FROM tasks
        WHERE lane = ? AND state = {StateSql.Ready}
        ORDER BY priority DESC, id
        LIMIT ?
        """;
    public const string SelectReady = $"""
        SELECT {TaskColumns}
        FROM tasks t
        WHERE t.lane = ? AND t.state = {StateSql.Ready}
        ORDER BY t.priority DESC, t.id
        LIMIT ?
        """;

    // tasks_due, once for each state
    public const string SelectDue = $"""
        SELECT {TaskColumns}
        FROM tasks t
        WHERE t.state = ? AND t.due_at <= ?
        ORDER BY t.due_at
        LIMIT ?
        """;

    // tasks_finished
    public const string SelectFinishedBefore = $"""
        SELECT {TaskColumns},
          EXISTS (SELECT 1 FROM groups g WHERE g.id = t.group_id AND {StateSql.UnfinishedSum} > 0),
          {StoreSql.BytesOfTask}
        FROM tasks t
        WHERE (t.finished_at, t.id) > (?1 /* finished_at */, ?2 /* id */) AND t.finished_at <= ?3
        ORDER BY t.finished_at, t.id
        LIMIT ?4
        """;

    // tasks_scheduled
    public const string SelectScheduled = $"""
        SELECT {TaskColumns}
        FROM tasks t
        WHERE t.lane = ? AND t.state = {StateSql.Scheduled}
        ORDER BY t.id
        LIMIT ?
        """;

    // tasks_group
    public const string SelectGroupMembers = $"""
        SELECT {TaskColumns}
        FROM tasks t
        WHERE t.group_id = ? AND t.id > ?
        ORDER BY t.id
        LIMIT ?
        """;

    // Lanes, counts and numbers: small tables that the writer reads once.
    public const string SelectLanes = "SELECT id, queue, requires, owner FROM lanes";
    public const string SelectLane = "SELECT queue, requires FROM lanes WHERE id = ?";
    public const string DeleteLane = "DELETE FROM lanes WHERE id = ?";
    public const string DeleteCounts = "DELETE FROM counts WHERE lane = ?";
    public const string InsertLane = """
        INSERT INTO lanes (id, queue, requires, owner)
        VALUES (? /* id */, ? /* queue */, ? /* requires */, ? /* owner */)
        """;
    public const string SelectCounts = "SELECT lane, state, tasks FROM counts";
    public const string AddToCount = """
        INSERT INTO counts (lane, state, tasks)
        VALUES (?, ?, ?)
        ON CONFLICT (lane, state) DO UPDATE SET tasks = tasks + excluded.tasks
        """;
    public const string SelectSequences = "SELECT name, last FROM sequences";
    public const string UpsertSequence = """
        INSERT INTO sequences (name, last)
        VALUES (?, ?)
        ON CONFLICT (name) DO UPDATE SET last = excluded.last
        """;
}
