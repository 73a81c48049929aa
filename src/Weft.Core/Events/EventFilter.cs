using Weft.Core.Tasks;

namespace Weft.Core.Events;

/// <summary>Which events a stream has: those that match every condition. What an event lacks matches none.</summary>
public sealed record EventFilter
{
    public EventTopics Topics { get; init; } = EventTopics.All;
    public string? Queue { get; init; }
    public GroupId? Group { get; init; }
    public TaskId? Task { get; init; }

    /// <summary>The submitter's word for what kind of work a task is.</summary>
    public string? TaskType { get; init; }

    /// <summary>Whether it asks for all that happens, and not for a part of the tasks.</summary>
    public bool IsWhole => Queue is null && Group is null && Task is null && TaskType is null;

    public bool Fits(EventRecord record) =>
        (Topics & record.Type.Topic()) != 0
        && (Queue is null || Queue == record.Queue)
        && (Group is null || Group == record.Group)
        && (Task is null || Task == record.Task)
        && (TaskType is null || TaskType == record.TaskType);
}
