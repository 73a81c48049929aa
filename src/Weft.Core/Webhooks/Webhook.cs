using Weft.Core.Access;
using Weft.Core.Tasks;

namespace Weft.Core.Webhooks;

/// <summary>A webhook's number: ascending from 1, never reused by a store.</summary>
public readonly record struct WebhookId(long Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>A webhook to register.</summary>
/// <param name="Url">The receiver's address. It may contain a secret: never log it.</param>
/// <param name="Events">At least one.</param>
/// <param name="Queues">Only events of tasks in these queues; empty for all. Groups have no queue.</param>
/// <param name="Group">Only events of this group and its tasks; null for all.</param>
/// <param name="Name">Human-readable; null for none.</param>
/// <param name="Owner">Only events of this owner's tasks and groups; null for everybody's.</param>
public sealed record WebhookOrder(
    string Url, WebhookEvents Events, IReadOnlyList<string> Queues, GroupId? Group = null, string? Name = null,
    TokenId? Owner = null);

/// <summary>A stored webhook.</summary>
/// <param name="Secret">Signs messages; see <see cref="WebhookSecret"/>.</param>
public sealed record StoredWebhook(
    WebhookId Id, WebhookOrder Order, ReadOnlyMemory<byte> Secret, DateTimeOffset CreatedAt)
{
    /// <summary>The previous secret, and until when it also signs; null: there is none.</summary>
    public (ReadOnlyMemory<byte> Secret, DateTimeOffset Until)? Old { get; init; }

    /// <summary>The time since when no message has been delivered; null: the last one was delivered.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>Why the last message was not delivered; null: it was.</summary>
    public string? LastError { get; init; }

    /// <summary>Since when it is disabled and no messages are queued or sent; null: it is active.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>Events of tasks that were dropped because too many messages were waiting.</summary>
    public long Dropped { get; init; }

    /// <summary>Messages that were given up after the last attempt.</summary>
    public long GivenUp { get; init; }

    /// <summary>Pending messages.</summary>
    public long Pending { get; init; }
}
