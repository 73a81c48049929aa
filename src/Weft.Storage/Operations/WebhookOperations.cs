using System.Text.Json;
using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Webhooks;
using Weft.Storage.Engine;
using Weft.Storage.Statements;

namespace Weft.Storage.Operations;

/// <summary>Stores a webhook. Null: the limit is reached.</summary>
internal sealed class AddWebhookOperation(WebhookOrder order, ReadOnlyMemory<byte> secret)
    : StoreOperation<StoredWebhook?>
{
    public override void Decide(WriteTransaction transaction)
    {
        Outcome = null;
        var now = transaction.Now;
        transaction.Write(statements =>
        {
            RemoveWebhookOperation.DeleteOfToken(statements, null);
            statements.Query(StoreSql.InsertWebhook, row => Outcome = new(new(row.Long(0)), order, secret, now))
                .With(order.Url)
                .With(secret)
                .With((long)order.Events)
                .With(WebhookRule.Write(order.Queues))
                .With(order.Group?.Value)
                .With(order.Name)
                .With(now.ToUnixTimeMilliseconds())
                .With(order.Owner?.Value)
                // Half of the places are reserved for admins.
                .With(order.Owner is null ? Limits.WebhooksMax : Limits.WebhooksMax / 2)
                .With(Limits.WebhooksOfTokenMax);
        });
        transaction.ReloadWebhooks();
    }
}

/// <summary>Deletes a webhook and its pending messages. False: it doesn't exist.</summary>
internal sealed class RemoveWebhookOperation(WebhookId id) : StoreOperation<bool>
{
    public override void Decide(WriteTransaction transaction)
    {
        Outcome = false;
        transaction.Write(statements =>
        {
            statements.Query(StoreSql.DeleteWebhook, _ => Outcome = true).With(id.Value);
            statements.Run(StoreSql.DeleteLostDeliveries);
            statements.Run(StoreSql.DeleteLostAttempts);
        });
        transaction.ReloadWebhooks();
    }

    /// <summary>Deletes the webhooks of a token, and of all deleted tokens, with their pending messages.</summary>
    public static void DeleteOfToken(IStatements statements, TokenId? token)
    {
        statements.Run(StoreSql.DeleteOrphanedDeliveries).With(token?.Value);
        statements.Run(StoreSql.DeleteOrphanedAttempts).With(token?.Value);
        statements.Run(StoreSql.DeleteOrphanedWebhooks).With(token?.Value);
    }
}

/// <summary>Replaces a webhook's secret. False: it doesn't exist.</summary>
internal sealed class RotateWebhookOperation(WebhookId id, ReadOnlyMemory<byte> secret, TimeSpan overlap)
    : StoreOperation<bool>
{
    public override void Decide(WriteTransaction transaction)
    {
        Outcome = false;
        transaction.Write(statements => statements.Query(StoreSql.RotateWebhook, _ => Outcome = true)
            .With((transaction.Now + overlap).ToUnixTimeMilliseconds())
            .With(secret)
            .With(id.Value));
    }
}

/// <summary>Reactivates a webhook, and makes its pending messages due. False: it doesn't exist.</summary>
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

/// <summary>Takes a webhook's due messages, reserving them for a while.</summary>
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

/// <summary>Stores the outcome of an attempt to send a message. Returns whether this disabled the webhook.</summary>
internal sealed class SettleDeliveryOperation(WebhookDelivery delivery, WebhookAnswer answer, TimeSpan? pause)
    : StoreOperation<bool>
{
    private readonly string _event = EventOf(delivery.Body);

    public override void Decide(WriteTransaction transaction)
    {
        Outcome = false;
        var now = transaction.Now;
        transaction.Write(statements => KeepAttempt(statements, now));
        if (answer.Arrived) transaction.Write(NoteArrival);
        else transaction.Write(statements => NoteFailure(statements, now));
        if (!answer.Arrived) transaction.ReloadWebhooks();
    }

    private void KeepAttempt(IStatements statements, DateTimeOffset now)
    {
        DateTimeOffset? next = answer.Arrived || pause is null ? null : now + pause;
        statements.Run(StoreSql.InsertAttempt)
            .With(delivery.Webhook.Value)
            .With(delivery.MessageId)
            .With(_event)
            .With(delivery.Attempts + 1)
            .With(now.ToUnixTimeMilliseconds())
            .With((long)answer.Took.TotalMilliseconds)
            .With((long?)answer.Status)
            .With(answer.Error)
            .With(next?.ToUnixTimeMilliseconds());
        statements.Run(StoreSql.DeleteOldAttempts)
            .With(delivery.Webhook.Value)
            .With(Limits.WebhookAttemptsKeptMax);
    }

    private static string EventOf(string body)
    {
        using var message = JsonDocument.Parse(body);
        return message.RootElement.GetProperty("type").GetString()!;
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
        // Among those failing for that long; one whose receiver has unsubscribed counts as failing by now.
        var failingMax = answer.IsGone ? TimeSpan.Zero : Limits.WebhookFailingMax;
        statements.Query(StoreSql.DisableWebhook, _ => Outcome = true)
            .With(now.ToUnixTimeMilliseconds())
            .With(delivery.Webhook.Value)
            .With((now - failingMax).ToUnixTimeMilliseconds());
    }
}
