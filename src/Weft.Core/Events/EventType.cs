namespace Weft.Core.Events;

/// <summary>The groups of events that can be followed.</summary>
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

/// <summary>The kinds of events. Each change of a task is exactly one of them, named after its new state.</summary>
public enum EventType : byte
{
    TaskSubmitted,

    /// <summary>A scheduled task became ready.</summary>
    TaskReady,

    TaskClaimed,
    TaskCompleted,

    /// <summary>An attempt failed, and another follows.</summary>
    TaskFailed,

    /// <summary>A lease expired, and another attempt follows.</summary>
    TaskLapsed,

    /// <summary>A worker released the task.</summary>
    TaskReleased,

    TaskDead,
    TaskCancelled,

    /// <summary>A dead task was made ready again.</summary>
    TaskRetried,

    GroupSealed,
    QueuePaused,
    QueueResumed,

    /// <summary>A worker appeared that was unknown or had been silent.</summary>
    WorkerSeen,

    /// <summary>A worker has neither claimed nor settled for <see cref="Limits.WorkerServesTime"/>.</summary>
    WorkerSilent,

    OperationStarted,

    /// <summary>A step is done, and others follow.</summary>
    OperationProgress,

    OperationDone,

    /// <summary>Somebody stopped it, or its token was revoked or expired.</summary>
    OperationStopped,
}

/// <summary>The names of events on the wire.</summary>
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

    /// <summary>The names of all topics, for messages.</summary>
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

    /// <summary>Parses comma-separated names; null: one of them isn't a topic.</summary>
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
