using System.Globalization;
using Weft.Core.Access;
using Weft.Core.Tasks;

namespace Weft.Core.Webhooks;

/// <summary>Which events an active webhook receives: all that a transaction must know about it.</summary>
/// <param name="Queues">Empty: all.</param>
/// <param name="Group">Null: any, or none.</param>
/// <param name="Owner"> Only events of this owner's tasks and groups; null: everybody's. A task's owner is stored apart
/// from its record, so the store checks it when it writes the message.
/// </param>
public sealed record WebhookRule(
    WebhookId Id, WebhookEvents Events, IReadOnlyList<string> Queues, GroupId? Group, TokenId? Owner)
{
    // Queue names contain no spaces.
    private const char Between = ' ';

    /// <summary>Whether it receives the event of this finished task.</summary>
    public bool Matches(TaskRecord finished) =>
        (Events & WebhookEventText.Of(finished.State)) != 0
        && (Queues.Count == 0 || Queues.Contains(finished.Queue, StringComparer.Ordinal))
        && (Group is null || Group == finished.Group);

    /// <summary>Whether it receives the event of this finished group.</summary>
    public bool Matches(GroupId group) =>
        (Events & WebhookEvents.GroupFinished) != 0 && (Group is null || Group == group);

    /// <summary>
    /// Parses a rule from a store: its number, its events, its group or 0, its owner or 0, and its queues.
    /// </summary>
    public static WebhookRule Parse(string text)
    {
        var words = text.Split(Between, StringSplitOptions.RemoveEmptyEntries);
        var (id, events, group) = (Number(words[0]), (WebhookEvents)Number(words[1]), Number(words[2]));
        var owner = Number(words[3]);
        return new(
            new(id), events, words[4..], group == 0 ? null : new GroupId(group),
            owner == 0 ? null : new TokenId(owner));
    }

    /// <summary>The stored form of queues.</summary>
    public static string Write(IReadOnlyList<string> queues) => string.Join(Between, queues);

    /// <summary>Parses the stored form.</summary>
    public static IReadOnlyList<string> ReadQueues(string text) =>
        text.Split(Between, StringSplitOptions.RemoveEmptyEntries);

    private static long Number(string word) => long.Parse(word, CultureInfo.InvariantCulture);
}
