using Weft.Core;
using Weft.Core.Metrics;
using Weft.Core.Storage;
using Weft.Core.Waiting;
using Weft.Core.Webhooks;

namespace Weft.Background;

/// <summary>
/// Sends the store's pending webhook messages: at least once, in no particular order. A message taken by this
/// coordinator is reserved for a while; if the coordinator ends in that time, the message becomes due again. Without a
/// webhook it sleeps.
/// </summary>
/// <param name="store">Holds the webhooks and their pending messages.</param>
/// <param name="sender">Sends messages.</param>
/// <param name="wakeUp">Signals that something may be due.</param>
/// <param name="meter">Counts the outcomes.</param>
/// <param name="forSubmitters"> Whether submitters may have webhooks; if not, their existing ones are ignored.
/// </param>
/// <param name="isShared">Whether other coordinators may use the store.</param>
/// <param name="time">Measures pauses, and decides what is due.</param>
/// <param name="log">Logs failures.</param>
internal sealed partial class WebhookRunner(
    IWebhookStore store, IWebhookSender sender, WebhookWakeUp wakeUp, WebhookMeter meter, bool forSubmitters,
    bool isShared, TimeProvider time, ILogger<WebhookRunner> log) : BackgroundService
{
    private readonly WebhookPlaces _places = new();
    private WebhookId _last;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var atMost = await LookAsync(stoppingToken);
                await wakeUp.WaitAsync(atMost, stoppingToken);
                // One query serves many commits in a row.
                await Task.Delay(Limits.WebhookLookPause, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>Starts to send what is due, and returns the latest time for the next check.</summary>
    private async Task<TimeSpan> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var active = await store.ListActiveAsync(time.GetUtcNow());
            wakeUp.HasWebhooks = active.Count > 0;
            if (active.Count == 0) return isShared ? Limits.WebhookLookInterval : Timeout.InfiniteTimeSpan;
            var next = Limits.WebhookLookInterval;
            foreach (var (webhook, dueAt) in FromTheNext(active))
            {
                if (dueAt is not { } due || (webhook.Order.Owner is not null && !forSubmitters)) continue;
                var left = due - time.GetUtcNow();
                if (left <= TimeSpan.Zero) await BeginAsync(webhook, cancellationToken);
                else if (left < next) next = left;
            }

            return next;
        }
        catch (StoreException exception)
        {
            LogFailed(exception.Message);
            return Limits.WebhookLookInterval;
        }
    }

    /// <summary>Takes as many due messages as may be sent to the webhook at once.</summary>
    private async Task BeginAsync(StoredWebhook webhook, CancellationToken cancellationToken)
    {
        var free = _places.FreeFor(webhook);
        if (free <= 0) return;
        _last = webhook.Id;
        foreach (var delivery in await store.TakeAsync(webhook.Id, free))
        {
            _places.Take(webhook);
            _ = Task.Run(() => SendAllAsync(webhook, delivery, cancellationToken), CancellationToken.None);
        }
    }

    // Otherwise the first submitters could fill all slots with slow receivers.
    private ActiveWebhook[] FromTheNext(IReadOnlyList<ActiveWebhook> active)
    {
        var last = _last.Value;
        return [.. active.Where(each => each.Webhook.Id.Value > last),
            .. active.Where(each => each.Webhook.Id.Value <= last)];
    }

    /// <summary>
    /// Sends one message after another while they arrive and more are due, but lets other webhooks have their turn.
    /// </summary>
    private async Task SendAllAsync(StoredWebhook webhook, WebhookDelivery first, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        try
        {
            for (WebhookDelivery? next = first; next is not null && await SendAsync(webhook, next, cancellationToken);)
            {
                if (time.GetElapsedTime(began) >= Limits.WebhookTurnTime) break;
                var more = await store.TakeAsync(webhook.Id, 1);
                next = more.Count > 0 ? more[0] : null;
            }
        }
        catch (OperationCanceledException)
        {
            // The coordinator is stopping: the message is sent again after the next start.
        }
        catch (Exception exception)
        {
            // It becomes due again when this coordinator's reservation ends.
            LogBroken(webhook.Id.Value, exception.Message);
        }
        finally
        {
            _places.GiveBack(webhook);
            wakeUp.Wake();
        }
    }

    private async Task<bool> SendAsync(
        StoredWebhook webhook, WebhookDelivery delivery, CancellationToken cancellationToken)
    {
        var answer = await sender.SendAsync(webhook, delivery.MessageId, delivery.Body, cancellationToken);
        var pause = WebhookBackoff.After(delivery.Attempts + 1, answer.RetryAfter, Random.Shared.NextDouble());
        var isDisabled = await store.SettleAsync(delivery, answer, pause);
        if (isDisabled) LogDisabled(webhook.Id.Value, answer.Error);
        meter.Count(answer, willRetry: pause is not null, isDisabled);
        return answer.Arrived;
    }

    [LoggerMessage(2005, LogLevel.Warning, "Pending webhook messages can't be read; retrying: {Message}")]
    private partial void LogFailed(string message);

    [LoggerMessage(2006, LogLevel.Warning, "Webhook {Id}: an outcome can't be stored; sending it again: {Message}")]
    private partial void LogBroken(long id, string message);

    [LoggerMessage(2007, LogLevel.Warning, "Webhook {Id} was disabled; 'weft webhook enable' reverts that. {Error}")]
    private partial void LogDisabled(long id, string? error);
}
