using Weft.Core;
using Weft.Storage.Engine;
using Weft.Storage.Statements;

namespace Weft.Storage.Postgres;

/// <summary>Tasks as readers find them.</summary>
internal static partial class PostgresSql
{
    /// <summary>What the reads that all engines share ask in this one's own way.</summary>
    public static readonly EngineSql Own = new()
    {
        InsertChunk = """
            WITH upload AS (UPDATE modules SET touched_at = weft_now() WHERE id = $1 AND hash IS NULL RETURNING id)
            INSERT INTO module_chunks (module, number, body)
            SELECT id, $2, $3
            FROM upload
            RETURNING module
            """,
        EmptyPayload = """
            WITH p AS (UPDATE payloads SET body = $1 WHERE task = $2)
            UPDATE tasks SET payload_bytes = length($1) WHERE id = $2
            """,
        TakeDeliveries = TakeDeliveries,
        InsertDeliveries = InsertDeliveries,
        InsertOwnedDeliveries = InsertOwnedDeliveries,
        CountOwnedDropped = CountOwnedDropped,
        InsertGroupDelivery = InsertGroupDelivery,
        LockBulkOperation = $"{StoreSql.SelectBulkOperation} FOR UPDATE",
        // payloads_group
        Members = new("payloads g JOIN tasks t ON t.id = g.task", "g.group_id = $1 AND ", "g.task"),
        // The sizes are known before any payload is read: the server searches no more than one page may.
        SearchPage = static (source, newestFirst) => $"""
            SELECT {TaskRow.Columns}, e.text, t.payload_bytes::bigint, position($1::bytea IN p.body) > 0
            FROM (
                SELECT t.*, sum(t.payload_bytes) OVER (ORDER BY t.id{(newestFirst ? " DESC" : "")}) AS bytes
                FROM (SELECT t.* FROM {source.From} {source.Bounds(newestFirst, others: 1)}) t
            ) t
            JOIN payloads p ON p.task = t.id
            LEFT JOIN errors e ON e.task = t.id
            WHERE t.bytes - t.payload_bytes <= {Limits.ListSearchBytesMax}
            ORDER BY t.id{(newestFirst ? " DESC" : "")}
            """,
        SelectQueueCounts = $"""
            SELECT l.queue, {SumOfStates}
            FROM counts c
            JOIN lanes l ON l.id = c.lane
            WHERE {StoreSql.IsNoCheckLane}
            GROUP BY l.queue
            HAVING sum({StateSql.Sum}) <> 0
            """,
        SelectReadyCounts = """
            SELECT l.queue, l.requires, sum(c.ready)::bigint, l.id
            FROM counts c
            JOIN lanes l ON l.id = c.lane
            GROUP BY l.id
            HAVING sum(c.ready) > 0
            ORDER BY l.id
            """,
        SealGroup = SealGroup,
        // Primary keys, and groups_owner.
        SelectGroup = $"""
            SELECT g.name, g.created_at, {SumOfStates}, g.owner, g.id, g.sealed_at
            FROM groups g
            LEFT JOIN group_counts c ON c.group_id = g.id
            WHERE g.id = $1
            GROUP BY g.id
            """,
        SelectGroupsNewestFirst = SelectGroups("id < $1 ORDER BY id DESC LIMIT $2"),
        SelectOwnGroupsNewestFirst = SelectGroups("owner = $1 AND id < $2 ORDER BY id DESC LIMIT $3"),
        // payloads_group
        SelectResultsAsSubmitted = $"""
            SELECT {GroupResultsBuilder.Columns}, t.id
            FROM payloads g
            JOIN tasks t ON t.id = g.task
            LEFT JOIN errors e ON e.task = t.id
            LEFT JOIN results r ON r.task = t.id AND t.state = {StateSql.Completed}
            LEFT JOIN file_sets f ON f.id = r.outputs
            WHERE g.group_id = $1 AND g.task > $2
            ORDER BY g.task
            LIMIT $3
            """,
    };

    // Reads.
    public const string SelectTasks = $"""
        SELECT {TaskColumns}, e.text, p.is_json, p.body, r.body, c.body, o.owner, f.files
        FROM unnest(
            $1::bigint[], $2::boolean[], $3::boolean[], $4::boolean[], $5::boolean[]
        ) AS u (id, payload, result, checkpoint, owner)
        JOIN tasks t ON t.id = u.id
        LEFT JOIN errors e ON e.task = t.id
        LEFT JOIN payloads p ON u.payload AND p.task = t.id
        LEFT JOIN results r ON u.result AND t.state = {StateSql.Completed} AND r.task = t.id
        LEFT JOIN file_sets f ON f.id = r.outputs
        LEFT JOIN checkpoints c ON u.checkpoint AND c.task = t.id
        LEFT JOIN task_owners o ON u.owner AND o.task = t.id
        """;

    private static string SelectGroups(string which) => $"""
        SELECT g.name, g.created_at, {SumOfStates}, g.owner, g.id, g.sealed_at
        FROM (SELECT * FROM groups WHERE {which}) g
        LEFT JOIN group_counts c ON c.group_id = g.id
        GROUP BY g.id, g.name, g.created_at, g.owner, g.sealed_at
        ORDER BY g.id DESC
        """;
}
