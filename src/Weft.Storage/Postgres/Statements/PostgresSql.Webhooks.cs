using Weft.Storage.Engine;

namespace Weft.Storage.Postgres;

/// <summary>What is to be sent to webhooks, by webhook_deliveries_due.</summary>
internal sealed partial class PostgresSql
{
    // What another coordinator is taking is left to it.
    public override string TakeDeliveries => """
        UPDATE webhook_deliveries
        SET due_at = $1
        WHERE id = ANY(ARRAY(
            SELECT id
            FROM webhook_deliveries
            WHERE webhook = $2 AND due_at <= $3
            ORDER BY due_at, id
            LIMIT $4
            FOR UPDATE SKIP LOCKED
        ))
        RETURNING id, body, created_at, attempts, due_at
        """;
    public override string InsertDeliveries => """
        INSERT INTO webhook_deliveries (webhook, body, created_at, due_at)
        SELECT $1, e.value, $2, $2
        FROM json_array_elements_text($3::json) e
        WHERE NOT EXISTS (SELECT 1 FROM webhook_deliveries WHERE webhook = $1 OFFSET $4 LIMIT 1)
        """;

    // The same for the tasks of an owner, by primary key: what the message tells of says which.
    public override string InsertOwnedDeliveries => """
        INSERT INTO webhook_deliveries (webhook, body, created_at, due_at)
        SELECT $1, e.value, $2, $2
        FROM json_array_elements_text($3::json) e
        JOIN task_owners o ON o.task = (e.value::json -> 'data' ->> 'id')::bigint
        WHERE o.owner = $4 AND NOT EXISTS (SELECT 1 FROM webhook_deliveries WHERE webhook = $1 OFFSET $5 LIMIT 1)
        """;
    public override string CountOwnedDropped => """
        UPDATE webhooks
        SET dropped = dropped + (
            SELECT count(*)
            FROM json_array_elements($1::json) e
            JOIN task_owners o ON o.task = (e.value -> 'data' ->> 'id')::bigint
            WHERE o.owner = $2
        )
        WHERE id = $3 AND EXISTS (SELECT 1 FROM webhook_deliveries WHERE webhook = $3 OFFSET $4 LIMIT 1)
        """;

    // By (group_id, shard). The group's row is locked: whoever finishes in it, or seals it, comes one by one.
    public override string InsertGroupDelivery => $$$"""
        INSERT INTO webhook_deliveries (webhook, body, created_at, due_at)
        SELECT $1, '{"type":"group.finished","timestamp":"' || $2 || '","data":{"id":' || g.id || ',"completed":'
            || c.completed || ',"dead":' || c.dead || ',"cancelled":' || c.cancelled || ',"sealed":'
            || CASE WHEN g.sealed_at IS NULL THEN 'false' ELSE 'true' END || '}}', $3, $3
        FROM groups g
        CROSS JOIN (
            SELECT sum({{{StateSql.UnfinishedSum}}}) AS unfinished, sum({{{StateSql.Sum}}}) AS tasks,
                sum(completed) AS completed, sum(dead) AS dead, sum(cancelled) AS cancelled
            FROM group_counts
            WHERE group_id = $4
        ) c
        WHERE g.id = $4 AND c.unfinished = 0 AND c.tasks > 0
            AND NOT EXISTS (SELECT 1 FROM webhook_deliveries WHERE webhook = $1 OFFSET $5 LIMIT 1)
            AND ($6::bigint IS NULL OR g.owner = $6)
        """;
}
