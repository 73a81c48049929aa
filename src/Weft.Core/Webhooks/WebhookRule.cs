using System.Globalization;
using Weft.Core.Access;
using Weft.Core.Tasks;

namespace Weft.Core.Webhooks;

/// <summary>What an active webhook wants to be told: all that a transaction must know of it.</summary>
/// <param name="Queues">Empty: all.</param>
/// <param name="Group">Null: any, or none.</param>
/// <param name="Owner">
/// Tells of this owner's tasks and groups alone; null: of everybody's. Whose a task is stands beside it, so that the
/// store sees to it where it stores what is told.
/// </param>
public sealed record WebhookRule(
    WebhookId Id, WebhookEvents Events, IReadOnlyList<string> Queues, GroupId? Group, TokenId? Owner)
{
    // No queue's name has a blank.
    private const char Between = ' ';

    /// <summary>Whether it is told that this task has finished.</summary>
    public bool Matches(TaskRecord finished) =>
        (Events & WebhookEventText.Of(finished.State)) != 0
        && (Queues.Count == 0 || Queues.Contains(finished.Queue, StringComparer.Ordinal))
        && (Group is null || Group == finished.Group);

    /// <summary>Whether it is told that this group has finished.</summary>
    public bool Matches(GroupId group) =>
        (Events & WebhookEvents.GroupFinished) != 0 && (Group is null || Group == group);

    /// <summary>
    /// Reads a rule as stores hand it out: its number, its events, its group or 0, its owner or 0, and its queues.
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

    /// <summary>Queues as they are stored.</summary>
    public static string Write(IReadOnlyList<string> queues) => string.Join(Between, queues);

    /// <summary>The same, read.</summary>
    public static IReadOnlyList<string> ReadQueues(string text) =>
        text.Split(Between, StringSplitOptions.RemoveEmptyEntries);

    private static long Number(string word) => long.Parse(word, CultureInfo.InvariantCulture);
}
