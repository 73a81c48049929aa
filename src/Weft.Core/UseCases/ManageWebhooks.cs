using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Waiting;
using Weft.Core.Webhooks;

namespace Weft.Core.UseCases;

/// <summary>
/// Registers, lists, tests and deletes webhooks. Only the scope admin may do so, since webhooks make the coordinator
/// send requests, and submitters if the operator allows it: a submitter's webhooks receive the events of its own tasks
/// and groups, and it can't see those of others.
/// </summary>
/// <param name="store">Holds the webhooks.</param>
/// <param name="sender">Sends messages.</param>
/// <param name="wakeUp">Wakes the loop that sends.</param>
/// <param name="forSubmitters">Whether submitters may have their own.</param>
/// <param name="time">Timestamps of tests.</param>
public sealed class ManageWebhooks(
    IWebhookStore store, IWebhookSender sender, WebhookWakeUp wakeUp, bool forSubmitters, TimeProvider time)
{
    private const string TestBody = """{"type":"webhook.test","timestamp":"TIME","data":{"id":NUMBER}}""";

    public enum Status : byte
    {
        Done,

        /// <summary>The caller may not do this.</summary>
        Forbidden,

        /// <summary>There is no such webhook.</summary>
        NotFound,

        /// <summary>The limit is reached.</summary>
        TooMany,

        /// <summary>Its address is not allowed.</summary>
        AddressRefused,
    }

    /// <param name="Webhook">Null unless a webhook was found or changed.</param>
    /// <param name="Reason">Why not, human-readable; null if the status says it.</param>
    public readonly record struct Outcome(Status Status, StoredWebhook? Webhook = null, string? Reason = null);

    /// <summary>Registers a webhook with a new secret.</summary>
    public async Task<Outcome> AddAsync(Caller caller, WebhookOrder order)
    {
        if (!MayHaveWebhooks(caller)) return new(Status.Forbidden);
        if (sender.FindRefusal(new(order.Url)) is { } reason) return new(Status.AddressRefused, Reason: reason);
        var owner = caller.Has(Scope.Admin) ? null : caller.Owner;
        var webhook = await store.AddAsync(order with { Owner = owner }, WebhookSecret.Create());
        wakeUp.Wake();
        return webhook is null ? new(Status.TooMany) : new(Status.Done, webhook);
    }

    /// <returns>Null: the caller may not list them.</returns>
    public async Task<IReadOnlyList<StoredWebhook>?> ListAsync(Caller caller) => MayHaveWebhooks(caller)
        ? [.. (await store.ListAsync()).Where(webhook => IsOf(caller, webhook))]
        : null;

    public async Task<Outcome> FindAsync(Caller caller, WebhookId id)
    {
        if (!MayHaveWebhooks(caller)) return new(Status.Forbidden);
        return await store.FindAsync(id) is { } webhook && IsOf(caller, webhook)
            ? new(Status.Done, webhook)
            : new(Status.NotFound);
    }

    /// <summary>The last attempts to send a message to a webhook, newest first; null unless it was found.</summary>
    public async Task<(Outcome Outcome, IReadOnlyList<WebhookAttempt>? Attempts)> ListAttemptsAsync(
        Caller caller, WebhookId id)
    {
        var found = await FindAsync(caller, id);
        return (found, found.Webhook is null ? null : await store.ListAttemptsAsync(id));
    }

    /// <summary>Deletes a webhook and its pending messages.</summary>
    public async Task<Outcome> RemoveAsync(Caller caller, WebhookId id)
    {
        var found = await FindAsync(caller, id);
        if (found.Webhook is null) return found;
        return new(await store.RemoveAsync(id) ? Status.Done : Status.NotFound);
    }

    /// <summary>Reactivates a disabled webhook, and sends its pending messages.</summary>
    public async Task<Outcome> EnableAsync(Caller caller, WebhookId id)
    {
        var found = await FindAsync(caller, id);
        if (found.Webhook is null) return found;
        if (!await store.EnableAsync(id)) return new(Status.NotFound);
        wakeUp.Wake();
        return await OutcomeUnknownGuard.RunAsync(FindAsync(caller, id));
    }

    /// <summary>
    /// Replaces a webhook's secret; for <see cref="Limits.WebhookSecretOverlap"/>, messages are also signed with the
    /// old one.
    /// </summary>
    public async Task<Outcome> RotateAsync(Caller caller, WebhookId id)
    {
        var found = await FindAsync(caller, id);
        if (found.Webhook is null) return found;
        if (!await store.RotateAsync(id, WebhookSecret.Create(), Limits.WebhookSecretOverlap))
        {
            return new(Status.NotFound);
        }

        return await OutcomeUnknownGuard.RunAsync(FindAsync(caller, id));
    }

    /// <summary>Sends an empty test message once, immediately, without storing anything.</summary>
    /// <returns>Why nothing was sent, or the outcome.</returns>
    public async Task<(Outcome Outcome, WebhookAnswer? Answer)> TestAsync(
        Caller caller, WebhookId id, CancellationToken cancellationToken)
    {
        var found = await FindAsync(caller, id);
        if (found.Webhook is not { } webhook) return (found, null);
        var now = time.GetUtcNow();
        var body = TestBody.Replace("TIME", $"{now:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}").Replace("NUMBER", $"{id}");
        var message = $"msg_{id}_test_{now.ToUnixTimeMilliseconds():x}";
        return (found, await sender.SendAsync(webhook, message, body, cancellationToken));
    }

    private bool MayHaveWebhooks(Caller caller) =>
        caller.Has(Scope.Admin) || (forSubmitters && caller.Token is not null && caller.Has(Scope.Submit));

    private static bool IsOf(Caller caller, StoredWebhook webhook) =>
        caller.Has(Scope.Admin) || webhook.Order.Owner == caller.Owner;
}
