using Weft.Core;
using Weft.Core.Webhooks;
using Weft.Storage.Engine;
using Weft.Storage.Statements;

namespace Weft.Storage.Operations;

/// <summary>Stores a webhook. Null: there are as many as there may be.</summary>
internal sealed class AddWebhookOperation(WebhookOrder order, ReadOnlyMemory<byte> secret)
    : StoreOperation<StoredWebhook?>
{
    public override void Decide(WriteTransaction transaction)
    {
        Outcome = null;
        var now = transaction.Now;
        transaction.Write(statements => statements
            .Query(StoreSql.InsertWebhook, row => Outcome = new(new(row.Long(0)), order, secret, now))
            .With(order.Url)
            .With(secret)
            .With((long)order.Events)
            .With(WebhookRule.Write(order.Queues))
            .With(order.Group?.Value)
            .With(order.Name)
            .With(now.ToUnixTimeMilliseconds())
            .With(Limits.WebhooksMax));
        transaction.ReloadWebhooks();
    }
}

/// <summary>Deletes a webhook, and what waits to be sent to it. False: there is none.</summary>
internal sealed class RemoveWebhookOperation(WebhookId id) : StoreOperation<bool>
{
    public override void Decide(WriteTransaction transaction)
    {
        Outcome = false;
        transaction.Write(statements =>
        {
            statements.Query(StoreSql.DeleteWebhook, _ => Outcome = true).With(id.Value);
            statements.Run(StoreSql.DeleteLostDeliveries);
        });
        transaction.ReloadWebhooks();
    }
}

/// <summary>Makes a webhook active, and what waits for it due. False: there is none.</summary>
internal sealed class EnableWebhookOperation(WebhookId id) : StoreOperation<bool>
{
    public override void Decide(WriteTransaction transaction)
    {
        Outcome = false;
        transaction.Write(statements =>
        {
            statements.Query(StoreSql.EnableWebhook, _ => Outcome = true).With(id.Value);
            statements.Run(StoreSql.RestartDeliveries)
                .With(transaction.Now.ToUnixTimeMilliseconds())
                .With(id.Value);
        });
        transaction.ReloadWebhooks();
    }
}

/// <summary>Takes what is due for a webhook, for a while.</summary>
internal sealed class TakeDeliveriesOperation(WebhookId id, int max) : StoreOperation<IReadOnlyList<WebhookDelivery>>
{
    public override void Decide(WriteTransaction transaction)
    {
        var taken = new List<WebhookDelivery>();
        Outcome = taken;
        var now = transaction.Now;
        transaction.Write(statements => statements.Query(transaction.Sql.TakeDeliveries, row => taken.Add(Read(row)))
            .With((now + Limits.WebhookLeaseTime).ToUnixTimeMilliseconds())
            .With(id.Value)
            .With(now.ToUnixTimeMilliseconds())
            .With(max));
    }

    private WebhookDelivery Read(IRow row) =>
        new(row.Long(0), id, row.Text(1), row.Time(2), (int)row.Long(3), row.Time(4));
}

/// <summary>Stores how an attempt to send something ended. Answers whether its webhook was disabled by that.</summary>
internal sealed class SettleDeliveryOperation(WebhookDelivery delivery, WebhookAnswer answer, TimeSpan? pause)
    : StoreOperation<bool>
{
    public override void Decide(WriteTransaction transaction)
    {
        Outcome = false;
        var now = transaction.Now;
        if (answer.Arrived) transaction.Write(NoteArrival);
        else transaction.Write(statements => NoteFailure(statements, now));
        if (!answer.Arrived) transaction.ReloadWebhooks();
    }

    private void NoteArrival(IStatements statements)
    {
        statements.Run(StoreSql.DeleteDelivery).With(delivery.Id);
        statements.Run(StoreSql.NoteArrival).With(delivery.Webhook.Value);
    }

    private void NoteFailure(IStatements statements, DateTimeOffset now)
    {
        var leasedUntil = delivery.LeasedUntil.ToUnixTimeMilliseconds();
        if (pause is { } known) statements.Run(StoreSql.PutOffDelivery)
            .With(delivery.Attempts + 1)
            .With((now + known).ToUnixTimeMilliseconds())
            .With(delivery.Id)
            .With(leasedUntil);
        else statements.Run(StoreSql.DeleteGivenUp).With(delivery.Id).With(leasedUntil);
        statements.Run(StoreSql.NoteFailure)
            .With(now.ToUnixTimeMilliseconds())
            .With(answer.Error)
            .With(pause is null ? 1 : 0)
            .With(delivery.Webhook.Value);
        // Of those that fail for so long; one whose receiver is gone has failed by now.
        var failingMax = answer.IsGone ? TimeSpan.Zero : Limits.WebhookFailingMax;
        statements.Query(StoreSql.DisableWebhook, _ => Outcome = true)
            .With(now.ToUnixTimeMilliseconds())
            .With(delivery.Webhook.Value)
            .With((now - failingMax).ToUnixTimeMilliseconds());
    }
}
