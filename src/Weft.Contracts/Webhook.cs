namespace Weft.Contracts;

/// <summary>The events that webhooks can receive.</summary>
public static class WebhookEventNames
{
    public const string TaskCompleted = "task.completed";
    public const string TaskDead = "task.dead";
    public const string TaskCancelled = "task.cancelled";

    /// <summary>
    /// A group's last unfinished task finished. Sent again if the group gets more tasks, and once more when it is
    /// sealed.
    /// </summary>
    public const string GroupFinished = "group.finished";
}

/// <summary>A webhook to register.</summary>
/// <param name="Url">
/// Where messages are posted to: https, at most 2,000 characters, without a user's name and a fragment.
/// </param>
/// <param name="Events">At least one of <see cref="WebhookEventNames"/>.</param>
public sealed record WebhookRequest(string Url, IReadOnlyList<string> Events)
{
    /// <summary>Only events of tasks in these queues, at most 32; null for all. Groups have no queue.</summary>
    public IReadOnlyList<string>? Queues { get; init; }

    /// <summary>Only events of this group and its tasks; null for all.</summary>
    public long? Group { get; init; }

    /// <summary>Human-readable: 1 to 128 characters.</summary>
    public string? Name { get; init; }
}

/// <summary>A webhook's record.</summary>
/// <param name="Id">Identifies it; not secret.</param>
/// <param name="Url">Where messages are posted to.</param>
/// <param name="Events">The events that are sent.</param>
/// <param name="Queues">Null: all.</param>
/// <param name="Group">Null: all groups, and tasks without one.</param>
/// <param name="Name">Null for none.</param>
/// <param name="Active">False: it was disabled; nothing is queued or sent.</param>
/// <param name="CreatedAt">When it was registered.</param>
/// <param name="Pending">How many messages wait to be sent.</param>
/// <param name="Dropped">Events that were dropped because too many messages were waiting.</param>
/// <param name="GivenUp">Messages that were given up after ten attempts.</param>
/// <param name="FailingSince">The time since when no message has been delivered; null: the last one was
/// delivered.</param>
/// <param name="LastError">Why the last message was not delivered, human-readable; null: it was.</param>
/// <param name="DisabledAt">Null: it is active.</param>
/// <param name="Submitter"> The token that owns it; it receives only events of that token's tasks and groups. Null: an
/// admin's webhook.
/// </param>
/// <param name="OldSecretUntil">Until when messages are also signed with the previous secret; null: they
/// aren't.</param>
/// <param name="Secret"> The secret that signs messages; only in the response that registered the webhook or rotated
/// the secret.
/// </param>
public sealed record Webhook(
    long Id, string Url, IReadOnlyList<string> Events, IReadOnlyList<string>? Queues, long? Group, string? Name,
    bool Active, DateTimeOffset CreatedAt, long Pending, long Dropped, long GivenUp, DateTimeOffset? FailingSince,
    string? LastError, DateTimeOffset? DisabledAt, long? Submitter = null, DateTimeOffset? OldSecretUntil = null,
    string? Secret = null)
{
    /// <summary>Without the secret: a record's own text would leak it into logs.</summary>
    public override string ToString() => $"webhook {Id}";
}

/// <param name="Webhooks">Oldest first.</param>
public sealed record WebhookList(IReadOnlyList<Webhook> Webhooks);

/// <param name="Deleted">The webhook's id.</param>
public sealed record WebhookDeleted(long Deleted);

/// <summary>An attempt to send a message.</summary>
/// <param name="MessageId">The message's <c>webhook-id</c>, the same at each attempt.</param>
/// <param name="Event">The message's event.</param>
/// <param name="Attempt">From 1.</param>
/// <param name="SentAt">When the attempt ended.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Delivered">Whether the receiver accepted the message by answering 2xx.</param>
/// <param name="Status">The receiver's status; null: it didn't answer.</param>
/// <param name="Error">Why it was not delivered, human-readable; null: it was.</param>
/// <param name="NextAt">When it is sent again; null: it was delivered or given up.</param>
public sealed record WebhookDelivery(
    string MessageId, string Event, int Attempt, DateTimeOffset SentAt, double Seconds, bool Delivered, int? Status,
    string? Error, DateTimeOffset? NextAt);

/// <param name="Deliveries">The last 100 attempts, newest first.</param>
public sealed record WebhookDeliveryList(IReadOnlyList<WebhookDelivery> Deliveries);

/// <summary>The outcome of a test message.</summary>
/// <param name="Delivered">Whether the receiver accepted the message by answering 2xx.</param>
/// <param name="Status">The receiver's status; null: it didn't answer.</param>
/// <param name="Error">Why it was not delivered, human-readable; null: it was.</param>
/// <param name="Seconds">How long that took.</param>
public sealed record WebhookTest(bool Delivered, int? Status, string? Error, double Seconds);
