using Weft.Core.Webhooks;

namespace Weft.Core.Storage;

/// <summary>
/// Stores webhooks and their messages, which are written by the transaction that they report. A change is on disk when
/// its operation returns. Each operation throws <see cref="StoreException"/> when the store can't do it now.
/// </summary>
public interface IWebhookStore
{
    /// <summary>
    /// Stores a webhook, which receives the events of later commits; null: there are already
    /// <see cref="Limits.WebhooksMax"/>, or the owner has <see cref="Limits.WebhooksOfTokenMax"/>.
    /// </summary>
    Task<StoredWebhook?> AddAsync(WebhookOrder order, ReadOnlyMemory<byte> secret);

    /// <summary>Deletes a webhook and its pending messages; false if it doesn't exist.</summary>
    Task<bool> RemoveAsync(WebhookId id);

    /// <summary>Reactivates a webhook, and makes its pending messages due at once; false if it doesn't exist.</summary>
    Task<bool> EnableAsync(WebhookId id);

    /// <summary>Replaces the secret; for a while, messages are also signed with the current one.</summary>
    /// <param name="id">The webhook.</param>
    /// <param name="secret">The new secret.</param>
    /// <param name="overlap">How long the current secret also signs; the one before it no longer does.</param>
    /// <returns>False if it doesn't exist.</returns>
    Task<bool> RotateAsync(WebhookId id, ReadOnlyMemory<byte> secret, TimeSpan overlap);

    /// <summary>The last attempts to send a message to a webhook, newest first.</summary>
    Task<IReadOnlyList<WebhookAttempt>> ListAttemptsAsync(WebhookId id);

    /// <summary>The pending messages of all webhooks.</summary>
    Task<WebhookBacklog> CountBacklogAsync();

    /// <summary>One webhook; null if it doesn't exist.</summary>
    Task<StoredWebhook?> FindAsync(WebhookId id);

    /// <summary>All webhooks, oldest first.</summary>
    Task<IReadOnlyList<StoredWebhook>> ListAsync();

    /// <summary>
    /// The active webhooks, and when a message is due for each; none whose token was revoked or has expired.
    /// </summary>
    Task<IReadOnlyList<ActiveWebhook>> ListActiveAsync(DateTimeOffset now);

    /// <summary>
    /// Takes a webhook's due messages, longest due first, and reserves them for <see cref="Limits.WebhookLeaseTime"/>.
    /// Messages that are not settled by then become due again.
    /// </summary>
    Task<IReadOnlyList<WebhookDelivery>> TakeAsync(WebhookId id, int max);

    /// <summary>
    /// Deletes a delivered message; postpones or gives up one that wasn't delivered. A webhook whose receiver has
    /// unsubscribed, or to which nothing could be delivered for <see cref="Limits.WebhookFailingMax"/>, is disabled.
    /// </summary>
    /// <param name="delivery">The message as it was taken.</param>
    /// <param name="answer">The outcome.</param>
    /// <param name="pause">The time until the next attempt; null: give it up, unless it was delivered.</param>
    /// <returns>Whether this disabled the webhook.</returns>
    Task<bool> SettleAsync(WebhookDelivery delivery, WebhookAnswer answer, TimeSpan? pause);
}
