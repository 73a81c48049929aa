namespace Weft.Storage.Statements;

/// <summary>
/// Webhooks, a hundred rows at most, and what is to be sent to them: by primary key and webhook_deliveries_due.
/// </summary>
internal static partial class StoreSql
{
    public const string InsertWebhook = """
        INSERT INTO webhooks (url, secret, events, queues, group_id, name, created_at)
        SELECT $1, $2, $3, $4, $5, $6, $7
        WHERE (SELECT count(*) FROM webhooks) < $8
        RETURNING id
        """;
    public const string DeleteWebhook = "DELETE FROM webhooks WHERE id = $1 RETURNING id";

    // Also what a transaction wrote for another one while that was deleted.
    public const string DeleteLostDeliveries = """
        DELETE FROM webhook_deliveries
        WHERE webhook NOT IN (SELECT id FROM webhooks)
        """;
    public const string EnableWebhook = """
        UPDATE webhooks
        SET disabled_at = NULL, failing_since = NULL, last_error = NULL
        WHERE id = $1
        RETURNING id
        """;
    public const string RestartDeliveries = """
        UPDATE webhook_deliveries
        SET attempts = 0, due_at = $1
        WHERE webhook = $2
        """;

    // As WebhookRule reads it.
    public const string SelectWebhookRules = """
        SELECT id || ' ' || events || ' ' || coalesce(group_id, 0) || ' ' || queues
        FROM webhooks
        WHERE disabled_at IS NULL
        ORDER BY id
        """;

    // Only where too much waits already.
    public const string CountDropped = """
        UPDATE webhooks
        SET dropped = dropped + $1
        WHERE id = $2 AND EXISTS (SELECT 1 FROM webhook_deliveries WHERE webhook = $2 LIMIT 1 OFFSET $3)
        """;

    // Parameters: attempts, due, id, until when it was this coordinator's.
    public const string PutOffDelivery = """
        UPDATE webhook_deliveries
        SET attempts = $1, due_at = $2
        WHERE id = $3 AND due_at = $4
        """;
    public const string DeleteDelivery = "DELETE FROM webhook_deliveries WHERE id = $1";
    public const string DeleteGivenUp = "DELETE FROM webhook_deliveries WHERE id = $1 AND due_at = $2";
    public const string NoteArrival = """
        UPDATE webhooks
        SET failing_since = NULL, last_error = NULL
        WHERE id = $1 AND (failing_since IS NOT NULL OR last_error IS NOT NULL)
        """;

    // Disabled at once, or when nothing has arrived for too long.
    public const string NoteFailure = """
        UPDATE webhooks
        SET failing_since = coalesce(failing_since, $1), last_error = $2, given_up = given_up + $3
        WHERE id = $4
        """;
    public const string DisableWebhook = """
        UPDATE webhooks
        SET disabled_at = $1
        WHERE id = $2 AND disabled_at IS NULL AND failing_since <= $3
        RETURNING id
        """;

    // Reads.
    public const string SelectWebhook = $"SELECT {WebhookColumns}, {Pending} FROM webhooks w WHERE w.id = $1";
    public const string SelectWebhooks = $"SELECT {WebhookColumns}, {Pending} FROM webhooks w ORDER BY w.id";
    public const string SelectActiveWebhooks = $"""
        SELECT {WebhookColumns}, (SELECT min(d.due_at) FROM webhook_deliveries d WHERE d.webhook = w.id)
        FROM webhooks w
        WHERE w.disabled_at IS NULL
        ORDER BY w.id
        """;

    private const string WebhookColumns = """
        w.id, w.url, w.secret, w.events, w.queues, w.group_id, w.name, w.created_at, w.failing_since, w.last_error,
            w.disabled_at, w.dropped, w.given_up
        """;
    private const string Pending = "(SELECT count(*) FROM webhook_deliveries d WHERE d.webhook = w.id)";
}
