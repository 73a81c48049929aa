namespace Weft.Storage.Statements;

/// <summary>
/// Webhooks, at most a hundred rows, and their pending messages: by primary key and webhook_deliveries_due.
/// </summary>
internal static partial class StoreSql
{
    public const string InsertWebhook = """
        INSERT INTO webhooks (url, secret, events, queues, group_id, name, created_at, owner)
        SELECT $1, $2, $3, $4, $5, $6, $7, $8
        WHERE (SELECT count(*) FROM webhooks) < $9 AND (SELECT count(*) FROM webhooks WHERE owner = $8) < $10
        RETURNING id
        """;

    // Those of deleted tokens, or of one that is being deleted, with their pending messages and recorded attempts.
    public const string DeleteOrphanedDeliveries = $"DELETE FROM webhook_deliveries WHERE webhook IN ({Orphaned})";
    public const string DeleteOrphanedAttempts = $"DELETE FROM webhook_attempts WHERE webhook IN ({Orphaned})";
    public const string DeleteOrphanedWebhooks = $"DELETE FROM webhooks WHERE id IN ({Orphaned})";

    // Due messages keep their place: those signed with the old secret are valid for as long as it signs.
    public const string RotateWebhook = """
        UPDATE webhooks
        SET old_secret = secret, old_secret_until = $1, secret = $2
        WHERE id = $3
        RETURNING id
        """;
    public const string DeleteWebhook = "DELETE FROM webhooks WHERE id = $1 RETURNING id";

    // Includes messages that a transaction wrote for a webhook that was being deleted.
    public const string DeleteLostDeliveries = """
        DELETE FROM webhook_deliveries
        WHERE webhook NOT IN (SELECT id FROM webhooks)
        """;
    public const string DeleteLostAttempts = """
        DELETE FROM webhook_attempts
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

    // In the format that WebhookRule parses.
    public const string SelectWebhookRules = """
        SELECT id || ' ' || events || ' ' || coalesce(group_id, 0) || ' ' || coalesce(owner, 0) || ' ' || queues
        FROM webhooks
        WHERE disabled_at IS NULL AND (owner IS NULL OR owner IN (SELECT id FROM tokens))
        ORDER BY id
        """;

    // Only if too many are already pending.
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

    // Disabled at once, or if nothing could be delivered for too long.
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

    // webhook_attempts_webhook
    public const string InsertAttempt = """
        INSERT INTO webhook_attempts (webhook, message, event, attempt, sent_at, took_ms, status, error, next_at)
        SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9
        WHERE EXISTS (SELECT 1 FROM webhooks WHERE id = $1)
        """;
    public const string DeleteOldAttempts = """
        DELETE FROM webhook_attempts
        WHERE webhook = $1 AND id <= (
            SELECT id
            FROM webhook_attempts
            WHERE webhook = $1
            ORDER BY id DESC
            LIMIT 1 OFFSET $2
        )
        """;
    public const string SelectAttemptsOfWebhook = """
        SELECT message, event, attempt, sent_at, took_ms, status, error, next_at
        FROM webhook_attempts
        WHERE webhook = $1
        ORDER BY id DESC
        LIMIT $2
        """;

    // Reads. The oldest has the smallest id, or nearly.
    public const string SelectBacklog = """
        SELECT (SELECT count(*) FROM (SELECT 1 FROM webhook_deliveries LIMIT $1) p),
            (SELECT created_at FROM webhook_deliveries ORDER BY id LIMIT 1)
        """;
    public const string SelectWebhook = $"SELECT {WebhookColumns}, {Pending} FROM webhooks w WHERE w.id = $1";
    public const string SelectWebhooks = $"SELECT {WebhookColumns}, {Pending} FROM webhooks w ORDER BY w.id";
    public const string SelectActiveWebhooks = $"""
        SELECT {WebhookColumns}, (SELECT min(d.due_at) FROM webhook_deliveries d WHERE d.webhook = w.id)
        FROM webhooks w
        WHERE w.disabled_at IS NULL AND (w.owner IS NULL OR EXISTS (
            SELECT 1
            FROM tokens t
            WHERE t.id = w.owner AND (t.expires_at IS NULL OR t.expires_at > $1)
        ))
        ORDER BY w.id
        """;

    private const string Orphaned = """
        SELECT id
        FROM webhooks
        WHERE owner IS NOT NULL AND (owner = $1 OR owner NOT IN (SELECT id FROM tokens))
        """;
    private const string WebhookColumns = """
        w.id, w.url, w.secret, w.events, w.queues, w.group_id, w.name, w.created_at, w.failing_since, w.last_error,
            w.disabled_at, w.dropped, w.given_up, w.owner, w.old_secret, w.old_secret_until
        """;
    private const string Pending = "(SELECT count(*) FROM webhook_deliveries d WHERE d.webhook = w.id)";
}
