using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Weft.Background;
using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Metrics;
using Weft.Core.Storage;
using Weft.Core.Waiting;
using Weft.Core.Webhooks;

namespace Weft.Tests.Background;

public sealed class WebhookRunnerTests
{
    private const int AdminsId = 100;

    /// <summary>Eight webhooks of two submitters, whose receivers never answer, come before an admin's.</summary>
    [Fact]
    public async Task ReceiversThatTakeTheirTime_DoNotKeepOthersMessages()
    {
        var store = new FullStore([.. Enumerable.Range(1, 8).Select(static id => Hook(id, owner: id % 2)),
            Hook(AdminsId)]);
        var sender = new SlowSender();
        using var wakeUp = new WebhookWakeUp();
        using var meter = new Meter("test");
        using var runner = new WebhookRunner(
            store, sender, wakeUp, new WebhookMeter(meter), forSubmitters: true, isShared: false, TimeProvider.System,
            NullLogger<WebhookRunner>.Instance);
        await runner.StartAsync(TestContext.Current.CancellationToken);
        await Task.WhenAll(sender.AdminsArrived, sender.SubmittersArrived).WaitAsync(
            TimeSpan.FromMinutes(2), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal(Limits.WebhookSendsOfTokenMax, sender.MostOfASubmitter);
        await runner.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Places_AreShared()
    {
        var places = new WebhookPlaces();
        for (var id = 0; id < Limits.WebhookSendsOfTokensMax; id++)
        {
            Assert.Equal(Limits.WebhookSendsOfTokenMax - (id % 2), places.FreeFor(Hook(id, owner: id / 2)));
            places.Take(Hook(id, owner: id / 2));
        }

        Assert.Equal(0, places.FreeFor(Hook(AdminsId, owner: AdminsId)));
        Assert.Equal(Limits.WebhookSendsOfOneMax, places.FreeFor(Hook(AdminsId)));
        places.GiveBack(Hook(0, owner: 0));
        Assert.Equal(1, places.FreeFor(Hook(AdminsId, owner: AdminsId)));
        for (var id = AdminsId; id < AdminsId + Limits.WebhookSendsOfTokensMax + 1; id++) places.Take(Hook(id));
        Assert.Equal(0, places.FreeFor(Hook(AdminsId - 1)));
    }

    private static StoredWebhook Hook(long id, long? owner = null) => new(
        new(id),
        new("https://example.org", WebhookEvents.TaskDead, [], Owner: owner is { } one ? new TokenId(one) : null),
        default, default);

    /// <summary>Answers the admin's at once, and the submitters' never.</summary>
    private sealed class SlowSender : IWebhookSender
    {
        private readonly TaskCompletionSource _admins = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _submitters = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Dictionary<TokenId, int> _sending = [];

        public Task AdminsArrived => _admins.Task;

        /// <summary>Ends when both submitters have as many on the way as they may.</summary>
        public Task SubmittersArrived => _submitters.Task;

        public int MostOfASubmitter
        {
            get
            {
                lock (_sending) return _sending.Values.Max();
            }
        }

        public string? FindRefusal(Uri url) => null;

        public async Task<WebhookAnswer> SendAsync(
            StoredWebhook webhook, string messageId, string body, CancellationToken cancellationToken)
        {
            if (webhook.Order.Owner is { } owner)
            {
                lock (_sending)
                {
                    _sending[owner] = _sending.GetValueOrDefault(owner) + 1;
                    if (_sending.Values.Count(static count => count >= Limits.WebhookSendsOfTokenMax) == 2)
                        _submitters.TrySetResult();
                }

                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            _admins.TrySetResult();
            return new(null, 204, null, default);
        }
    }

    /// <summary>Something is always due for each.</summary>
    private sealed class FullStore(StoredWebhook[] webhooks) : IWebhookStore
    {
        private long _ids;

        public Task<IReadOnlyList<ActiveWebhook>> ListActiveAsync(DateTimeOffset now) =>
            Task.FromResult<IReadOnlyList<ActiveWebhook>>(
                [.. webhooks.Select(webhook => new ActiveWebhook(webhook, now))]);

        public Task<IReadOnlyList<WebhookDelivery>> TakeAsync(WebhookId id, int max) =>
            Task.FromResult<IReadOnlyList<WebhookDelivery>>([.. Enumerable.Range(0, max).Select(_ =>
                new WebhookDelivery(Interlocked.Increment(ref _ids), id, "{}", default, 0, default))]);

        public Task<bool> SettleAsync(WebhookDelivery delivery, WebhookAnswer answer, TimeSpan? pause) =>
            Task.FromResult(false);

        public Task<StoredWebhook?> AddAsync(WebhookOrder order, ReadOnlyMemory<byte> secret) =>
            throw new NotSupportedException();

        public Task<bool> RemoveAsync(WebhookId id) => throw new NotSupportedException();

        public Task<bool> EnableAsync(WebhookId id) => throw new NotSupportedException();

        public Task<bool> RotateAsync(WebhookId id, ReadOnlyMemory<byte> secret, TimeSpan overlap) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<WebhookAttempt>> ListAttemptsAsync(WebhookId id) => throw new NotSupportedException();

        public Task<WebhookBacklog> CountBacklogAsync() => throw new NotSupportedException();

        public Task<StoredWebhook?> FindAsync(WebhookId id) => throw new NotSupportedException();

        public Task<IReadOnlyList<StoredWebhook>> ListAsync() => throw new NotSupportedException();
    }
}
