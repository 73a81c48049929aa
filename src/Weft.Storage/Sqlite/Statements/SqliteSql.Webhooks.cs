using Weft.Storage.Engine;

namespace Weft.Storage.Sqlite;

/// <summary>What is to be sent to webhooks, by webhook_deliveries_due.</summary>
internal sealed partial class SqliteSql
{
    public override string TakeDeliveries => """
        UPDATE webhook_deliveries
        SET due_at = $1
        WHERE id IN (
            SELECT id
            FROM webhook_deliveries
            WHERE webhook = $2 AND due_at <= $3
            ORDER BY due_at, id
            LIMIT $4
        )
        RETURNING id, body, created_at, attempts, due_at
        """;
    public override string InsertDeliveries => """
        INSERT INTO webhook_deliveries (webhook, body, created_at, due_at)
        SELECT $1, e.value, $2, $2
        FROM json_each($3) e
        WHERE NOT EXISTS (SELECT 1 FROM webhook_deliveries WHERE webhook = $1 LIMIT 1 OFFSET $4)
        """;

    // The same for the tasks of an owner, by primary key: what the message tells of says which.
    public override string InsertOwnedDeliveries => """
        INSERT INTO webhook_deliveries (webhook, body, created_at, due_at)
        SELECT $1, e.value, $2, $2
        FROM json_each($3) e
        CROSS JOIN task_owners o ON o.task = json_extract(e.value, '$.data.id')
        WHERE o.owner = $4 AND NOT EXISTS (SELECT 1 FROM webhook_deliveries WHERE webhook = $1 LIMIT 1 OFFSET $5)
        """;
    public override string CountOwnedDropped => """
        UPDATE webhooks
        SET dropped = dropped + (
            SELECT count(*)
            FROM json_each($1) e
            CROSS JOIN task_owners o ON o.task = json_extract(e.value, '$.data.id')
            WHERE o.owner = $2
        )
        WHERE id = $3 AND EXISTS (SELECT 1 FROM webhook_deliveries WHERE webhook = $3 LIMIT 1 OFFSET $4)
        """;

    // By primary key.
    public override string InsertGroupDelivery => $$$"""
        INSERT INTO webhook_deliveries (webhook, body, created_at, due_at)
        SELECT $1, '{"type":"group.finished","timestamp":"' || $2 || '","data":{"id":' || id || ',"completed":'
            || completed || ',"dead":' || dead || ',"cancelled":' || cancelled || ',"sealed":'
            || CASE WHEN sealed_at IS NULL THEN 'false' ELSE 'true' END || '}}', $3, $3
        FROM groups
        WHERE id = $4 AND {{{StateSql.UnfinishedSum}}} = 0 AND {{{StateSql.Sum}}} > 0
            AND NOT EXISTS (SELECT 1 FROM webhook_deliveries WHERE webhook = $1 LIMIT 1 OFFSET $5)
            AND ($6 IS NULL OR owner = $6)
        """;

    // What was being sent for the first time when the coordinator ended: nobody else is at it.
    public const string ReleaseDeliveries = """
        UPDATE webhook_deliveries
        SET due_at = created_at
        WHERE attempts = 0 AND due_at > created_at
        """;

    // What follows when the wall clock was set.
    public const string MoveDeliveries = "UPDATE webhook_deliveries SET due_at = due_at + ?";
}
