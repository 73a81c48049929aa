using Weft.Core.Tasks;

namespace Weft.Core.Webhooks;

/// <summary>The events of a webhook; they can be combined. The numbers are stored.</summary>
[Flags]
public enum WebhookEvents : byte
{
    None = 0,

    /// <summary>A task was completed.</summary>
    TaskCompleted = 1,

    /// <summary>A task became dead.</summary>
    TaskDead = 2,

    /// <summary>A task was cancelled.</summary>
    TaskCancelled = 4,

    /// <summary>A group's last unfinished task finished; sent again if the group gets more tasks.</summary>
    GroupFinished = 8,
}

/// <summary>The names of events, in messages and requests.</summary>
public static class WebhookEventText
{
    public const string GroupFinished = "group.finished";

    /// <summary>The event of a test message.</summary>
    public const string Test = "webhook.test";

    private static readonly (WebhookEvents Event, string Text)[] All =
    [
        (WebhookEvents.TaskCompleted, "task.completed"), (WebhookEvents.TaskDead, "task.dead"),
        (WebhookEvents.TaskCancelled, "task.cancelled"), (WebhookEvents.GroupFinished, GroupFinished),
    ];

    /// <summary>The name of each event.</summary>
    public static IReadOnlyList<string> Of(WebhookEvents events) =>
        [.. All.Where(known => events.HasFlag(known.Event)).Select(static known => known.Text)];

    /// <summary>
    /// The events with these names; <see cref="WebhookEvents.None"/> if one is unknown, or there are none.
    /// </summary>
    public static WebhookEvents Parse(IEnumerable<string> texts)
    {
        var events = WebhookEvents.None;
        foreach (var text in texts)
        {
            var known = Array.Find(All, known => known.Text == text).Event;
            if (known == WebhookEvents.None) return WebhookEvents.None;
            events |= known;
        }

        return events;
    }

    /// <summary>The event of a task that has reached this state; none unless the state is final.</summary>
    public static WebhookEvents Of(TaskState state) => state switch
    {
        TaskState.Completed => WebhookEvents.TaskCompleted,
        TaskState.Dead => WebhookEvents.TaskDead,
        TaskState.Cancelled => WebhookEvents.TaskCancelled,
        _ => WebhookEvents.None,
    };
}
