using Weft.Storage.Engine;
using Weft.Storage.Statements;

namespace Weft.Storage.Sqlite;

/// <summary>Tasks and groups as readers find them.</summary>
internal sealed partial class SqliteSql
{
    public override string InsertChunk =>
        "INSERT INTO module_chunks (module, number, body) VALUES ($1, $2, $3) RETURNING module";
    public override string EmptyPayload => "UPDATE payloads SET body = $1 WHERE task = $2";

    // tasks_group
    public override TaskSource Members { get; } = new("tasks t", "t.group_id = $1 AND ", "t.id");

    // Row by row, in the order of the join, until the reader has enough.
    public override string SearchPage(TaskSource source, bool newestFirst) => $"""
        SELECT {TaskRow.Columns}, e.text, length(p.body), instr(p.body, $1) > 0
        FROM {source.From}
        CROSS JOIN payloads p ON p.task = t.id
        LEFT JOIN errors e ON e.task = t.id
        {source.Bounds(newestFirst, others: 1)}
        """;

    // A few rows for each lane.
    public override string SelectQueueCounts { get; } = $"""
        SELECT l.queue,
            {StateSql.Each(static (_, state) => $"coalesce(sum(c.tasks) FILTER (WHERE c.state = {state}), 0)")}
        FROM counts c
        JOIN lanes l ON l.id = c.lane
        WHERE {StoreSql.IsNoCheckLane}
        GROUP BY l.queue
        """;
    public override string SelectReadyCounts => $"""
        SELECT l.queue, l.requires, c.tasks, l.id
        FROM counts c
        JOIN lanes l ON l.id = c.lane
        WHERE c.state = {StateSql.Ready} AND c.tasks > 0
        ORDER BY l.id
        """;
    public override string SealGroup =>
        "UPDATE groups SET sealed_at = coalesce(sealed_at, $1) WHERE id = $2 RETURNING sealed_at";
    public override string LockBulkOperation => StoreSql.SelectBulkOperation;

    // Primary key, and groups_owner.
    public override string SelectGroup => $"SELECT {GroupColumns} FROM groups WHERE id = $1";
    public override string SelectGroupsNewestFirst =>
        $"SELECT {GroupColumns} FROM groups WHERE id < $1 ORDER BY id DESC LIMIT $2";
    public override string SelectOwnGroupsNewestFirst => $"""
        SELECT {GroupColumns}
        FROM groups
        WHERE owner = $1 AND id < $2
        ORDER BY id DESC
        LIMIT $3
        """;

    // tasks_group
    public override string SelectResultsAsSubmitted => $"""
        SELECT {GroupResultsBuilder.Columns}, t.id
        FROM tasks t
        LEFT JOIN errors e ON e.task = t.id
        LEFT JOIN results r ON r.task = t.id
        LEFT JOIN file_sets f ON f.id = r.outputs
        WHERE t.group_id = $1 AND t.id > $2
        ORDER BY t.id
        LIMIT $3
        """;

    public const string SelectTaskWithError = $"{StoreSql.SelectTasksWithErrors} WHERE t.id = ?";
}
