using Weft.Core;
using Weft.Core.Metrics;
using Weft.Core.Storage;
using Weft.Core.Waiting;
using Weft.Core.Webhooks;

namespace Weft.Background;

/// <summary>
/// Sends to webhooks what the store holds for them: at least once, in no order. What it takes is no other
/// coordinator's for a while; if this one ends meanwhile, it is due again. Without a webhook it sleeps.
/// </summary>
/// <param name="store">Where webhooks are, and what waits for them.</param>
/// <param name="sender">Sends.</param>
/// <param name="wakeUp">Tells that something may be due.</param>
/// <param name="meter">Counts what came of it.</param>
/// <param name="forSubmitters">
/// Whether submitters may have webhooks; those that they have are left alone if not.
/// </param>
/// <param name="isShared">Whether other coordinators may be on the store.</param>
/// <param name="time">Measures pauses, and says what is due.</param>
/// <param name="log">Takes failures.</param>
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
                // Of many commits in a row, one look sees all.
                await Task.Delay(Limits.WebhookLookPause, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>Begins to send what is due, and says when to look again at the latest.</summary>
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

    /// <summary>Takes as much of what is due as may be sent to the webhook at once.</summary>
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

    // Whoever comes first would have all places where receivers take their time.
    private ActiveWebhook[] FromTheNext(IReadOnlyList<ActiveWebhook> active)
    {
        var last = _last.Value;
        return [.. active.Where(each => each.Webhook.Id.Value > last),
            .. active.Where(each => each.Webhook.Id.Value <= last)];
    }

    /// <summary>
    /// Sends one after the other for as long as they arrive and more are due, and others have their turn in time.
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
            // The coordinator stops: it is sent again after the next start.
        }
        catch (Exception exception)
        {
            // It is due again when its time with this coordinator is over.
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

    [LoggerMessage(2005, LogLevel.Warning, "What is due for webhooks can't be read, and is asked for again: {Message}")]
    private partial void LogFailed(string message);

    [LoggerMessage(2006, LogLevel.Warning, "Webhook {Id}: what was sent can't be settled and is sent again: {Message}")]
    private partial void LogBroken(long id, string message);

    [LoggerMessage(2007, LogLevel.Warning, "Webhook {Id} is disabled; 'weft webhook enable' ends that. {Error}")]
    private partial void LogDisabled(long id, string? error);
}
