namespace Weft.Contracts;

/// <summary>The events that webhooks are told of.</summary>
public static class WebhookEventNames
{
    public const string TaskCompleted = "task.completed";
    public const string TaskDead = "task.dead";
    public const string TaskCancelled = "task.cancelled";

    /// <summary>
    /// A group's last unfinished task finished: again, where the group got more tasks since, and once more when it is
    /// sealed.
    /// </summary>
    public const string GroupFinished = "group.finished";
}

/// <summary>A webhook to be registered.</summary>
/// <param name="Url">
/// Where messages are posted to: https, at most 2,000 characters, without a user's name and a fragment.
/// </param>
/// <param name="Events">At least one of <see cref="WebhookEventNames"/>.</param>
public sealed record WebhookRequest(string Url, IReadOnlyList<string> Events)
{
    /// <summary>Tells of the tasks of these queues alone, at most 32; null: of all. Groups have no queue.</summary>
    public IReadOnlyList<string>? Queues { get; init; }

    /// <summary>Tells of this group and its tasks alone; null: of all.</summary>
    public long? Group { get; init; }

    /// <summary>For people: 1 to 128 characters.</summary>
    public string? Name { get; init; }
}

/// <summary>A webhook as the coordinator knows it.</summary>
/// <param name="Id">Names it; no secret.</param>
/// <param name="Url">Where messages are posted to.</param>
/// <param name="Events">What it is told of.</param>
/// <param name="Queues">Null: all.</param>
/// <param name="Group">Null: all, and tasks without one.</param>
/// <param name="Name">Null: none was given.</param>
/// <param name="Active">False: it was disabled; nothing is kept for it, and nothing sent.</param>
/// <param name="CreatedAt">When it was registered.</param>
/// <param name="Pending">How many messages wait to be sent.</param>
/// <param name="Dropped">Events that were left out since too many messages waited.</param>
/// <param name="GivenUp">Messages that were sent ten times and never arrived.</param>
/// <param name="FailingSince">Since when nothing has arrived; null: the last message has.</param>
/// <param name="LastError">Why the last message did not arrive, for people; null: it has.</param>
/// <param name="DisabledAt">Null: it is active.</param>
/// <param name="Submitter">
/// The token whose tasks and groups alone it is told of, and whose webhook it is; null: an admin's.
/// </param>
/// <param name="OldSecretUntil">Until when the secret before the last rotation signs, too; null: none does.</param>
/// <param name="Secret">
/// What messages are signed with, in the answer that registered it or rotated the secret, and never again.
/// </param>
public sealed record Webhook(
    long Id, string Url, IReadOnlyList<string> Events, IReadOnlyList<string>? Queues, long? Group, string? Name,
    bool Active, DateTimeOffset CreatedAt, long Pending, long Dropped, long GivenUp, DateTimeOffset? FailingSince,
    string? LastError, DateTimeOffset? DisabledAt, long? Submitter = null, DateTimeOffset? OldSecretUntil = null,
    string? Secret = null)
{
    /// <summary>Without the secret: a record would write it into every log that it gets into.</summary>
    public override string ToString() => $"webhook {Id}";
}

/// <param name="Webhooks">The oldest first.</param>
public sealed record WebhookList(IReadOnlyList<Webhook> Webhooks);

/// <param name="Deleted">The webhook's id.</param>
public sealed record WebhookDeleted(long Deleted);

/// <summary>An attempt to send a message.</summary>
/// <param name="MessageId">The message's <c>webhook-id</c>, the same at each attempt.</param>
/// <param name="Event">What the message tells of.</param>
/// <param name="Attempt">From 1.</param>
/// <param name="SentAt">When it ended.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Delivered">Whether the receiver took the message: it answered 2xx.</param>
/// <param name="Status">What it answered; null: nothing.</param>
/// <param name="Error">Why it did not arrive, for people; null: it has.</param>
/// <param name="NextAt">When it is sent again; null: it has arrived, or was given up.</param>
public sealed record WebhookDelivery(
    string MessageId, string Event, int Attempt, DateTimeOffset SentAt, double Seconds, bool Delivered, int? Status,
    string? Error, DateTimeOffset? NextAt);

/// <param name="Deliveries">The last 100 attempts, the newest first.</param>
public sealed record WebhookDeliveryList(IReadOnlyList<WebhookDelivery> Deliveries);

/// <summary>How a try went.</summary>
/// <param name="Delivered">Whether the receiver took the message: it answered 2xx.</param>
/// <param name="Status">What it answered; null: nothing.</param>
/// <param name="Error">Why it did not arrive, for people; null: it has.</param>
/// <param name="Seconds">How long that took.</param>
public sealed record WebhookTest(bool Delivered, int? Status, string? Error, double Seconds);
