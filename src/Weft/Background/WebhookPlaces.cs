using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Webhooks;

namespace Weft.Background;

/// <summary>
/// Limits how many messages are sent at once, in total and for each webhook. Submitters share a part of the slots, and
/// each submitter gets a few of these: slow receivers must not block others' messages. Safe for use by many threads.
/// </summary>
internal sealed class WebhookPlaces
{
    private readonly Dictionary<WebhookId, (int Count, TokenId? Owner)> _taken = [];
    private readonly Lock _gate = new();

    /// <summary>How many more messages may be sent to the webhook now.</summary>
    public int FreeFor(StoredWebhook webhook)
    {
        lock (_gate)
        {
            var free = Math.Min(
                Limits.WebhookSendsOfOneMax - _taken.GetValueOrDefault(webhook.Id).Count,
                Limits.WebhookSendsMax - Count(static _ => true));
            if (webhook.Order.Owner is not { } owner) return free;
            free = Math.Min(free, Limits.WebhookSendsOfTokensMax - Count(static other => other is not null));
            return Math.Min(free, Limits.WebhookSendsOfTokenMax - Count(other => other == owner));
        }
    }

    public void Take(StoredWebhook webhook) => Add(webhook, +1);

    public void GiveBack(StoredWebhook webhook) => Add(webhook, -1);

    private void Add(StoredWebhook webhook, int change)
    {
        lock (_gate)
        {
            var count = _taken.GetValueOrDefault(webhook.Id).Count + change;
            if (count > 0) _taken[webhook.Id] = (count, webhook.Order.Owner);
            else _taken.Remove(webhook.Id);
        }
    }

    private int Count(Func<TokenId?, bool> isOf) =>
        _taken.Values.Sum(taken => isOf(taken.Owner) ? taken.Count : 0);
}
