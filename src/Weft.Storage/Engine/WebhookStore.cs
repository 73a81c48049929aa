using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Webhooks;
using Weft.Storage.Operations;
using Weft.Storage.Statements;

namespace Weft.Storage.Engine;

/// <summary>The webhooks, stored with the tasks: messages are committed with the events that they report.</summary>
internal sealed class WebhookStore(TaskStore store, StoreReads reads) : IWebhookStore
{
    private const int LastColumn = 16;

    public Task<StoredWebhook?> AddAsync(WebhookOrder order, ReadOnlyMemory<byte> secret) =>
        store.RunAsync(new AddWebhookOperation(order, secret), Admission.Progress);

    public Task<bool> RemoveAsync(WebhookId id) => store.RunAsync(new RemoveWebhookOperation(id), Admission.Progress);

    public Task<bool> EnableAsync(WebhookId id) => store.RunAsync(new EnableWebhookOperation(id), Admission.Progress);

    public Task<bool> RotateAsync(WebhookId id, ReadOnlyMemory<byte> secret, TimeSpan overlap) =>
        store.RunAsync(new RotateWebhookOperation(id, secret, overlap), Admission.Progress);

    public Task<IReadOnlyList<WebhookAttempt>> ListAttemptsAsync(WebhookId id) => reads.ListAsync(
        StoreSql.SelectAttemptsOfWebhook, ReadAttempt,
        query => query.With(id.Value).With(Limits.WebhookAttemptsKeptMax));

    public Task<WebhookBacklog> CountBacklogAsync() => reads.FindAsync<WebhookBacklog>((statements, found) =>
        statements.Query(StoreSql.SelectBacklog, row => found(new(row.Long(0), row.TimeOrNull(1))))
            .With(Limits.WebhookBacklogCountMax));

    public Task<StoredWebhook?> FindAsync(WebhookId id) => reads.FindAsync<StoredWebhook>((statements, found) =>
        statements.Query(StoreSql.SelectWebhook, row => found(ReadWithPending(row))).With(id.Value));

    public Task<IReadOnlyList<StoredWebhook>> ListAsync() => reads.ListAsync(StoreSql.SelectWebhooks, ReadWithPending);

    public Task<IReadOnlyList<ActiveWebhook>> ListActiveAsync(DateTimeOffset now) => reads.ListAsync(
        StoreSql.SelectActiveWebhooks, static row => new ActiveWebhook(Read(row), row.TimeOrNull(LastColumn)),
        query => query.With(now.ToUnixTimeMilliseconds()));

    public Task<IReadOnlyList<WebhookDelivery>> TakeAsync(WebhookId id, int max) =>
        store.RunAsync(new TakeDeliveriesOperation(id, max), Admission.Progress);

    public Task<bool> SettleAsync(WebhookDelivery delivery, WebhookAnswer answer, TimeSpan? pause) =>
        store.RunAsync(new SettleDeliveryOperation(delivery, answer, pause), Admission.Progress);

    private static StoredWebhook ReadWithPending(IRow row) => Read(row) with { Pending = row.Long(LastColumn) };

    private static StoredWebhook Read(IRow row)
    {
        var order = new WebhookOrder(
            row.Text(1), (WebhookEvents)row.Long(3), WebhookRule.ReadQueues(row.Text(4)),
            row.IsNull(5) ? null : new GroupId(row.Long(5)), row.TextOrNull(6), StoreRows.ReadOwner(row, 13));
        return new(new(row.Long(0)), order, row.Bytes(2), row.Time(7))
        {
            FailingSince = row.TimeOrNull(8),
            LastError = row.TextOrNull(9),
            DisabledAt = row.TimeOrNull(10),
            Dropped = row.Long(11),
            GivenUp = row.Long(12),
            Old = row.IsNull(14) ? null : (row.Bytes(14), row.Time(15)),
        };
    }

    private static WebhookAttempt ReadAttempt(IRow row)
    {
        var took = TimeSpan.FromMilliseconds(row.Long(4));
        var answer = new WebhookAnswer(row.TextOrNull(6), (int?)row.LongOrNull(5), RetryAfter: null, took);
        return new(row.Text(0), row.Text(1), (int)row.Long(2), row.Time(3), answer, row.TimeOrNull(7));
    }
}
