using Weft.Core.Access;
using Weft.Core.Tasks;

namespace Weft.Core.Webhooks;

/// <summary>A webhook's number: ascending from 1, never reused by a store.</summary>
public readonly record struct WebhookId(long Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>What is to be told, and where.</summary>
/// <param name="Url">Where it is posted to. It may hold a secret of its receiver: never logged.</param>
/// <param name="Events">At least one.</param>
/// <param name="Queues">Tells of the tasks of these queues alone; empty: of all. Groups have no queue.</param>
/// <param name="Group">Tells of this group and its tasks alone; null: of all.</param>
/// <param name="Name">For people; null for none.</param>
/// <param name="Owner">Tells of the tasks and groups of this owner alone; null: of everybody's.</param>
public sealed record WebhookOrder(
    string Url, WebhookEvents Events, IReadOnlyList<string> Queues, GroupId? Group = null, string? Name = null,
    TokenId? Owner = null);

/// <summary>A webhook as it is stored.</summary>
/// <param name="Secret">Signs what is sent; see <see cref="WebhookSecret"/>.</param>
public sealed record StoredWebhook(
    WebhookId Id, WebhookOrder Order, ReadOnlyMemory<byte> Secret, DateTimeOffset CreatedAt)
{
    /// <summary>The secret before this one, and until when it signs, too; null: there was none, or no more.</summary>
    public (ReadOnlyMemory<byte> Secret, DateTimeOffset Until)? Old { get; init; }

    /// <summary>Since when nothing has arrived; null: the last that was sent has.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>Why the last that was sent did not arrive; null where it has.</summary>
    public string? LastError { get; init; }

    /// <summary>Since when nothing is written for it and nothing sent; null: it is active.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>Events of tasks that were left out since too much waited to be sent.</summary>
    public long Dropped { get; init; }

    /// <summary>What was sent as often as it may be, and never arrived.</summary>
    public long GivenUp { get; init; }

    /// <summary>How much waits to be sent.</summary>
    public long Pending { get; init; }
}
