using Weft.Storage.Statements;

namespace Weft.Storage.Engine;

/// <summary>Statements that are the same in all engines except for a source or an expression.</summary>
internal abstract partial class EngineSql
{
    private const string GroupColumns = $"g.name, g.created_at, {StateSql.Columns}, g.owner, g.id, g.sealed_at";

    /// <summary>Queue, and a count for each state.</summary>
    public string SelectQueueCounts => field ??= $"""
        SELECT l.queue, {StateSql.Each(static (column, _) => $"CAST(coalesce(sum(c.{column}), 0) AS bigint)")}
        FROM {LaneCounts}
        JOIN lanes l ON l.id = c.lane
        WHERE {StoreSql.IsNoCheckLane}
        GROUP BY l.queue
        HAVING sum({StateSql.Sum}) <> 0
        """;

    /// <summary>Queue, requirements, ready tasks and number of each lane that has ready tasks.</summary>
    public string SelectReadyCounts => field ??= $"""
        SELECT l.queue, l.requires, CAST(sum(c.ready) AS bigint), l.id
        FROM {LaneCounts}
        JOIN lanes l ON l.id = c.lane
        GROUP BY l.id
        HAVING sum(c.ready) > 0
        ORDER BY l.id
        """;

    // Groups by primary key, and by groups_owner.

    /// <summary>The group $1.</summary>
    public string SelectGroup => field ??= $"SELECT {GroupColumns} FROM {Groups} WHERE g.id = $1";

    /// <summary>Groups before $1, at most $2.</summary>
    public string SelectGroupsNewestFirst => field ??= $"""
        SELECT {GroupColumns}
        FROM {Groups}
        WHERE g.id < $1
        ORDER BY g.id DESC
        LIMIT $2
        """;

    /// <summary>Groups of owner $1 before $2, at most $3.</summary>
    public string SelectOwnGroupsNewestFirst => field ??= $"""
        SELECT {GroupColumns}
        FROM {Groups}
        WHERE g.owner = $1 AND g.id < $2
        ORDER BY g.id DESC
        LIMIT $3
        """;

    /// <summary>Tasks of group $1 after $2 with their results, at most $3.</summary>
    public string SelectResultsAsSubmitted => field ??= $"""
        SELECT {GroupResultsBuilder.Columns}, t.id
        FROM {Members.From}
        LEFT JOIN errors e ON e.task = t.id
        LEFT JOIN results r ON r.task = t.id AND t.state = {StateSql.Completed}
        LEFT JOIN file_sets f ON f.id = r.outputs
        {Members.Bounds(newestFirst: false)}
        """;

    // Webhook deliveries, by webhook_deliveries_due; owners of tasks, by primary key.

    /// <summary>
    /// Takes the messages due at $3 for webhook $2, at most $4, until $1: id, body, creation, attempts, and that time.
    /// </summary>
    public string TakeDeliveries => field ??= $"""
        UPDATE webhook_deliveries
        SET due_at = $1
        WHERE {IsTaken(SelectDue)}
        RETURNING id, body, created_at, attempts, due_at
        """;

    /// <summary>
    /// Stores each item of the JSON array $3 as a message to webhook $1, due at once, at $2, unless over $4 are
    /// pending.
    /// </summary>
    public string InsertDeliveries => field ??= $"""
        INSERT INTO webhook_deliveries (webhook, body, created_at, due_at)
        SELECT $1, e.value, $2, $2
        FROM {ItemsOf("$3")}
        WHERE NOT EXISTS (SELECT 1 FROM webhook_deliveries WHERE webhook = $1 LIMIT 1 OFFSET $4)
        """;

    /// <summary>The same, but only for items whose tasks belong to owner $4, unless over $5 are pending.</summary>
    public string InsertOwnedDeliveries => field ??= $"""
        INSERT INTO webhook_deliveries (webhook, body, created_at, due_at)
        SELECT $1, e.value, $2, $2
        FROM {ItemsOf("$3")}
        WHERE {OwnerOfItem} = $4
            AND NOT EXISTS (SELECT 1 FROM webhook_deliveries WHERE webhook = $1 LIMIT 1 OFFSET $5)
        """;

    /// <summary>
    /// Counts the items of the JSON array $1 whose tasks belong to owner $2 as dropped by webhook $3, if over $4 are
    /// pending.
    /// </summary>
    public string CountOwnedDropped => field ??= $"""
        UPDATE webhooks
        SET dropped = dropped + (SELECT count(*) FROM {ItemsOf("$1")} WHERE {OwnerOfItem} = $2)
        WHERE id = $3 AND EXISTS (SELECT 1 FROM webhook_deliveries WHERE webhook = $3 LIMIT 1 OFFSET $4)
        """;

    /// <summary>
    /// If group $4 has finished, stores that as a message to webhook $1, at $3, which is $2 as text; unless over $5 are
    /// pending, or the group doesn't belong to owner $6, if given. A transaction that finishes tasks in it, or seals
    /// it, locks it until the commit.
    /// </summary>
    public string InsertGroupDelivery => field ??= $$$"""
        INSERT INTO webhook_deliveries (webhook, body, created_at, due_at)
        SELECT $1, '{"type":"group.finished","timestamp":"' || $2 || '","data":{"id":' || g.id || ',"completed":'
            || completed || ',"dead":' || dead || ',"cancelled":' || cancelled || ',"sealed":'
            || CASE WHEN g.sealed_at IS NULL THEN 'false' ELSE 'true' END || '}}', $3, $3
        FROM {{{Groups}}}
        WHERE g.id = $4 AND {{{StateSql.UnfinishedSum}}} = 0 AND {{{StateSql.Sum}}} > 0
            AND NOT EXISTS (SELECT 1 FROM webhook_deliveries WHERE webhook = $1 LIMIT 1 OFFSET $5)
            AND (CAST($6 AS bigint) IS NULL OR g.owner = $6)
        """;

    private const string SelectDue = """
        SELECT id
        FROM webhook_deliveries
        WHERE webhook = $2 AND due_at <= $3
        ORDER BY due_at, id
        LIMIT $4
        """;

    private string OwnerOfItem => $"(SELECT o.owner FROM task_owners o WHERE o.task = {TaskOfItem})";
}
