using System.Globalization;

namespace Weft.Core.Webhooks;

/// <summary>A message to send, reserved for this coordinator for a while.</summary>
/// <param name="Id">Ascending from 1, never reused by a store.</param>
/// <param name="Webhook">The webhook.</param>
/// <param name="Body">JSON, as it is sent.</param>
/// <param name="CreatedAt">When the event happened.</param>
/// <param name="Attempts">How often it was already sent.</param>
/// <param name="LeasedUntil">Until then no other coordinator sends it.</param>
public sealed record WebhookDelivery(
    long Id, WebhookId Webhook, string Body, DateTimeOffset CreatedAt, int Attempts, DateTimeOffset LeasedUntil)
{
    /// <summary>
    /// The same at each attempt, so that a receiver can detect duplicates; the time distinguishes it from ids of
    /// another store, or of a restored one.
    /// </summary>
    public string MessageId => string.Create(
        CultureInfo.InvariantCulture, $"msg_{Webhook.Value}_{Id}_{CreatedAt.ToUnixTimeMilliseconds():x}");
}

/// <summary>A recorded attempt to send a message.</summary>
/// <param name="MessageId">The <see cref="WebhookDelivery.MessageId"/>.</param>
/// <param name="Event">The message's event.</param>
/// <param name="Attempt">From 1.</param>
/// <param name="SentAt">When the attempt was settled.</param>
/// <param name="Answer">The outcome.</param>
/// <param name="NextAt">When it is sent again; null: it was delivered, or given up.</param>
public sealed record WebhookAttempt(
    string MessageId, string Event, int Attempt, DateTimeOffset SentAt, WebhookAnswer Answer, DateTimeOffset? NextAt);

/// <param name="DueAt">When its next message is due; null: none is pending.</param>
public readonly record struct ActiveWebhook(StoredWebhook Webhook, DateTimeOffset? DueAt);

/// <summary>Pending messages.</summary>
/// <param name="Pending">Their number; counted up to <see cref="Limits.WebhookBacklogCountMax"/>.</param>
/// <param name="OldestAt">Since when the oldest has been waiting; null: there is none.</param>
public readonly record struct WebhookBacklog(long Pending, DateTimeOffset? OldestAt);

/// <summary>The outcome of an attempt to send a message.</summary>
/// <param name="Error">Why it was not delivered, one human-readable sentence; null: it was.</param>
/// <param name="Status">The receiver's status; null: it didn't answer.</param>
/// <param name="RetryAfter">The delay that the receiver requested; null for none.</param>
/// <param name="Took">How long it took.</param>
public sealed record WebhookAnswer(string? Error, int? Status, TimeSpan? RetryAfter, TimeSpan Took)
{
    private const int GoneStatus = 410;

    public bool Arrived => Error is null;

    /// <summary>The receiver has unsubscribed.</summary>
    public bool IsGone => Status == GoneStatus;
}

/// <summary>Sends over HTTP.</summary>
public interface IWebhookSender
{
    /// <summary>Checks an address: null if messages may be sent to it, or why not, human-readable.</summary>
    string? FindRefusal(Uri url);

    /// <summary>Sends once, within <see cref="Limits.WebhookTimeMax"/>; failures are part of the answer.</summary>
    /// <param name="webhook">The address and the secret.</param>
    /// <param name="messageId">Without a dot.</param>
    /// <param name="body">JSON.</param>
    /// <param name="cancellationToken">Stops it without an answer.</param>
    Task<WebhookAnswer> SendAsync(
        StoredWebhook webhook, string messageId, string body, CancellationToken cancellationToken);
}
