using System.Globalization;

namespace Weft.Core.Webhooks;

/// <summary>Something that is to be sent, and is this coordinator's for a while.</summary>
/// <param name="Id">Ascending from 1, never reused by a store.</param>
/// <param name="Webhook">Where it is to be sent.</param>
/// <param name="Body">JSON, as it is sent.</param>
/// <param name="CreatedAt">When it happened.</param>
/// <param name="Attempts">How often it was sent before.</param>
/// <param name="LeasedUntil">Until then no other coordinator sends it.</param>
public sealed record WebhookDelivery(
    long Id, WebhookId Webhook, string Body, DateTimeOffset CreatedAt, int Attempts, DateTimeOffset LeasedUntil)
{
    /// <summary>
    /// The same at each attempt, by which a receiver knows what it had before; the time tells it apart from that of
    /// another store, or of one that was restored.
    /// </summary>
    public string MessageId => string.Create(
        CultureInfo.InvariantCulture, $"msg_{Webhook.Value}_{Id}_{CreatedAt.ToUnixTimeMilliseconds():x}");
}

/// <summary>An attempt to send something, as it is kept for people to look at.</summary>
/// <param name="MessageId">That of <see cref="WebhookDelivery.MessageId"/>.</param>
/// <param name="Event">What it told of.</param>
/// <param name="Attempt">From 1.</param>
/// <param name="SentAt">When it was settled.</param>
/// <param name="Answer">How it went.</param>
/// <param name="NextAt">When it is sent again; null: it has arrived, or was given up.</param>
public sealed record WebhookAttempt(
    string MessageId, string Event, int Attempt, DateTimeOffset SentAt, WebhookAnswer Answer, DateTimeOffset? NextAt);

/// <param name="DueAt">When something is to be sent to it; null: nothing waits.</param>
public readonly record struct ActiveWebhook(StoredWebhook Webhook, DateTimeOffset? DueAt);

/// <summary>What waits to be sent.</summary>
/// <param name="Pending">How much; counted up to <see cref="Limits.WebhookBacklogCountMax"/>.</param>
/// <param name="OldestAt">Since when the oldest waits; null: nothing does.</param>
public readonly record struct WebhookBacklog(long Pending, DateTimeOffset? OldestAt);

/// <summary>How an attempt to send something ended.</summary>
/// <param name="Error">Why it did not arrive, one sentence for people; null: it has.</param>
/// <param name="Status">What was answered; null: nothing.</param>
/// <param name="RetryAfter">When the receiver wants it again; null: it doesn't say.</param>
/// <param name="Took">How long it took.</param>
public sealed record WebhookAnswer(string? Error, int? Status, TimeSpan? RetryAfter, TimeSpan Took)
{
    private const int GoneStatus = 410;

    public bool Arrived => Error is null;

    /// <summary>The receiver wants nothing any more.</summary>
    public bool IsGone => Status == GoneStatus;
}

/// <summary>Sends over HTTP.</summary>
public interface IWebhookSender
{
    /// <summary>Whether anything could be sent to this address; null, or why not, for people.</summary>
    string? FindRefusal(Uri url);

    /// <summary>Sends once, in <see cref="Limits.WebhookTimeMax"/>; what goes wrong is in the answer.</summary>
    /// <param name="webhook">Where to, and how it is signed.</param>
    /// <param name="messageId">Without a dot.</param>
    /// <param name="body">JSON.</param>
    /// <param name="cancellationToken">Ends it without an answer.</param>
    Task<WebhookAnswer> SendAsync(
        StoredWebhook webhook, string messageId, string body, CancellationToken cancellationToken);
}
