using Weft.Storage.Engine;
using Weft.Storage.Statements;

namespace Weft.Storage.Sqlite;

/// <summary>Tasks and groups as readers find them.</summary>
internal static partial class SqliteSql
{
    /// <summary>What the reads that all engines share ask in this one's own way.</summary>
    public static readonly EngineSql Own = new()
    {
        InsertChunk = "INSERT INTO module_chunks (module, number, body) VALUES ($1, $2, $3) RETURNING module",
        EmptyPayload = "UPDATE payloads SET body = $1 WHERE task = $2",
        // tasks_group
        Members = new("tasks t", "t.group_id = $1 AND ", "t.id"),
        // Row by row, in the order of the join, until the reader has enough.
        SearchPage = static (source, newestFirst) => $"""
            SELECT {TaskRow.Columns}, e.text, length(p.body), instr(p.body, $1) > 0
            FROM {source.From}
            CROSS JOIN payloads p ON p.task = t.id
            LEFT JOIN errors e ON e.task = t.id
            {source.Bounds(newestFirst, others: 1)}
            """,
        // A few rows for each lane.
        SelectQueueCounts = $"""
            SELECT l.queue,
                {StateSql.Each(static (_, state) => $"coalesce(sum(c.tasks) FILTER (WHERE c.state = {state}), 0)")}
            FROM counts c
            JOIN lanes l ON l.id = c.lane
            WHERE {StoreSql.IsNoCheckLane}
            GROUP BY l.queue
            """,
        SelectReadyCounts = $"""
            SELECT l.queue, l.requires, c.tasks, l.id
            FROM counts c
            JOIN lanes l ON l.id = c.lane
            WHERE c.state = {StateSql.Ready} AND c.tasks > 0
            ORDER BY l.id
            """,
        SealGroup = "UPDATE groups SET sealed_at = coalesce(sealed_at, $1) WHERE id = $2 RETURNING sealed_at",
        LockBulkOperation = StoreSql.SelectBulkOperation,
        TakeDeliveries = TakeDeliveries,
        InsertDeliveries = InsertDeliveries,
        InsertOwnedDeliveries = InsertOwnedDeliveries,
        CountOwnedDropped = CountOwnedDropped,
        InsertGroupDelivery = InsertGroupDelivery,
        // Primary key, and groups_owner.
        SelectGroup = $"SELECT {GroupColumns} FROM groups WHERE id = $1",
        SelectGroupsNewestFirst = $"SELECT {GroupColumns} FROM groups WHERE id < $1 ORDER BY id DESC LIMIT $2",
        SelectOwnGroupsNewestFirst = $"""
            SELECT {GroupColumns}
            FROM groups
            WHERE owner = $1 AND id < $2
            ORDER BY id DESC
            LIMIT $3
            """,
        // tasks_group
        SelectResultsAsSubmitted = $"""
            SELECT {GroupResultsBuilder.Columns}, t.id
            FROM tasks t
            LEFT JOIN errors e ON e.task = t.id
            LEFT JOIN results r ON r.task = t.id
            LEFT JOIN file_sets f ON f.id = r.outputs
            WHERE t.group_id = $1 AND t.id > $2
            ORDER BY t.id
            LIMIT $3
            """,
    };

    public const string SelectTaskWithError = $"{StoreSql.SelectTasksWithErrors} WHERE t.id = ?";
}
