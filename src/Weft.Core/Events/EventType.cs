namespace Weft.Core.Events;

/// <summary>What can be followed, together.</summary>
[Flags]
public enum EventTopics : byte
{
    None = 0,
    Tasks = 1,
    Groups = 2,
    Queues = 4,
    Workers = 8,
    Operations = 16,
    All = Tasks | Groups | Queues | Workers | Operations,
}

/// <summary>
/// What happened. Each change of a task is exactly one of these: the one that says where the task is now.
/// </summary>
public enum EventType : byte
{
    TaskSubmitted,

    /// <summary>A scheduled task's time has come.</summary>
    TaskReady,

    TaskClaimed,
    TaskCompleted,

    /// <summary>An attempt failed, and another follows.</summary>
    TaskFailed,

    /// <summary>A lease ran out, and another attempt follows.</summary>
    TaskLapsed,

    /// <summary>A worker gave the task back undone.</summary>
    TaskReleased,

    TaskDead,
    TaskCancelled,

    /// <summary>A dead task was made ready again.</summary>
    TaskRetried,

    GroupSealed,
    QueuePaused,
    QueueResumed,

    /// <summary>A worker came that this coordinator didn't know, or one that was silent.</summary>
    WorkerSeen,

    /// <summary>A worker has asked for nothing and settled nothing for <see cref="Limits.WorkerServesTime"/>.</summary>
    WorkerSilent,

    OperationStarted,

    /// <summary>A step of it is done, and others follow.</summary>
    OperationProgress,

    OperationDone,

    /// <summary>Somebody stopped it, or its token ended.</summary>
    OperationStopped,
}

/// <summary>How events are called on the wire.</summary>
public static class EventTypes
{
    private static readonly string[] Names =
    [
        "task.submitted", "task.ready", "task.claimed", "task.completed", "task.failed", "task.lapsed",
        "task.released", "task.dead", "task.cancelled", "task.retried", "group.sealed", "queue.paused",
        "queue.resumed", "worker.seen", "worker.silent", "operation.started", "operation.progress", "operation.done",
        "operation.stopped",
    ];

    private static readonly (string Name, EventTopics Topic)[] Topics =
    [
        ("tasks", EventTopics.Tasks), ("groups", EventTopics.Groups), ("queues", EventTopics.Queues),
        ("workers", EventTopics.Workers), ("operations", EventTopics.Operations),
    ];

    /// <summary>The names of all topics, for people.</summary>
    public static IEnumerable<string> TopicNames => Topics.Select(static topic => topic.Name);

    public static string Text(this EventType type) => Names[(int)type];

    public static EventTopics Topic(this EventType type) => type switch
    {
        EventType.GroupSealed => EventTopics.Groups,
        EventType.QueuePaused or EventType.QueueResumed => EventTopics.Queues,
        EventType.WorkerSeen or EventType.WorkerSilent => EventTopics.Workers,
        EventType.OperationStarted or EventType.OperationProgress or EventType.OperationDone
            or EventType.OperationStopped => EventTopics.Operations,
        _ => EventTopics.Tasks,
    };

    /// <summary>Reads names with commas between them; null: one of them is no topic.</summary>
    public static EventTopics? ParseTopics(string text)
    {
        var topics = EventTopics.None;
        foreach (var name in text.Split(','))
        {
            var known = Array.Find(Topics, topic => topic.Name == name).Topic;
            if (known == EventTopics.None) return null;
            topics |= known;
        }

        return topics;
    }
}
