using Weft.Core.Tasks;

namespace Weft.Core.Events;

/// <summary>
/// Which events a stream sends: those that match every condition. A condition on a member that an event lacks doesn't
/// match.
/// </summary>
public sealed record EventFilter
{
    public EventTopics Topics { get; init; } = EventTopics.All;
    public string? Queue { get; init; }
    public GroupId? Group { get; init; }
    public TaskId? Task { get; init; }

    /// <summary>The kind of work, as the submitter named it.</summary>
    public string? TaskType { get; init; }

    /// <summary>Whether it includes all events rather than a part of the tasks'.</summary>
    public bool IsWhole => Queue is null && Group is null && Task is null && TaskType is null;

    public bool Fits(EventRecord record) =>
        (Topics & record.Type.Topic()) != 0
        && (Queue is null || Queue == record.Queue)
        && (Group is null || Group == record.Group)
        && (Task is null || Task == record.Task)
        && (TaskType is null || TaskType == record.TaskType);
}
