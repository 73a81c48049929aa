using Weft.Core.Webhooks;

namespace Weft.Core.Storage;

/// <summary>
/// Where webhooks live, and what is to be sent to them: that is written by the transaction of which it tells. When a
/// verb that changes something has answered, the change is on disk. Each verb throws <see cref="StoreException"/> when
/// the store can't do it now.
/// </summary>
public interface IWebhookStore
{
    /// <summary>
    /// Stores a webhook, which is told of whatever is committed from then on; null: there are
    /// <see cref="Limits.WebhooksMax"/>, or the owner has <see cref="Limits.WebhooksOfTokenMax"/>.
    /// </summary>
    Task<StoredWebhook?> AddAsync(WebhookOrder order, ReadOnlyMemory<byte> secret);

    /// <summary>Deletes a webhook with all that waits to be sent to it; false when there is none.</summary>
    Task<bool> RemoveAsync(WebhookId id);

    /// <summary>Makes a webhook active again, and what waits for it due at once; false when there is none.</summary>
    Task<bool> EnableAsync(WebhookId id);

    /// <summary>Signs by another secret from now on, and for a while by the present one, too.</summary>
    /// <param name="id">Which webhook.</param>
    /// <param name="secret">The new one.</param>
    /// <param name="overlap">How long the present one signs, too; the one before it no longer does.</param>
    /// <returns>False when there is none.</returns>
    Task<bool> RotateAsync(WebhookId id, ReadOnlyMemory<byte> secret, TimeSpan overlap);

    /// <summary>The last attempts to send something to a webhook, the newest first.</summary>
    Task<IReadOnlyList<WebhookAttempt>> ListAttemptsAsync(WebhookId id);

    /// <summary>What waits to be sent to all of them.</summary>
    Task<WebhookBacklog> CountBacklogAsync();

    /// <summary>One webhook; null when there is none.</summary>
    Task<StoredWebhook?> FindAsync(WebhookId id);

    /// <summary>All webhooks, the oldest first.</summary>
    Task<IReadOnlyList<StoredWebhook>> ListAsync();

    /// <summary>
    /// The webhooks that are active, and when something is due for each; none of a token that is gone or over.
    /// </summary>
    Task<IReadOnlyList<ActiveWebhook>> ListActiveAsync(DateTimeOffset now);

    /// <summary>
    /// Takes what is due for a webhook, the longest due first: for <see cref="Limits.WebhookLeaseTime"/> nobody else
    /// gets it. What is not settled by then is due again.
    /// </summary>
    Task<IReadOnlyList<WebhookDelivery>> TakeAsync(WebhookId id, int max);

    /// <summary>
    /// Forgets what has arrived, and puts off or gives up what has not. A webhook whose receiver wants nothing any
    /// more, or that nothing has reached for <see cref="Limits.WebhookFailingMax"/>, is disabled.
    /// </summary>
    /// <param name="delivery">As it was taken.</param>
    /// <param name="answer">How it went.</param>
    /// <param name="pause">Until it is sent again; null: it is given up, unless it has arrived.</param>
    /// <returns>Whether the webhook was disabled by this.</returns>
    Task<bool> SettleAsync(WebhookDelivery delivery, WebhookAnswer answer, TimeSpan? pause);
}
