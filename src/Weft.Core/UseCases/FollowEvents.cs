using Weft.Core.Access;
using Weft.Core.Events;
using Weft.Core.Storage;

namespace Weft.Core.UseCases;

/// <summary>Why a caller may not follow events.</summary>
public enum FollowRefusal : byte
{
    None = 0,

    /// <summary>The caller sees only its own tasks, and must name a group or a task of its own.</summary>
    NotOwn,

    /// <summary>The group doesn't exist, or the caller may not see it.</summary>
    NoGroup,

    /// <summary>The task doesn't exist, or the caller may not see it.</summary>
    NoTask,

    /// <summary>There are too many followers.</summary>
    TooMany,
}

/// <summary>Lets a caller follow the events of this coordinator that it may see.</summary>
public sealed class FollowEvents(EventLog log, ITaskStore store, TimeProvider time)
{
    /// <param name="caller">The follower.</param>
    /// <param name="filter">Which events.</param>
    /// <param name="after">The id of the last event that the caller has seen; null: none.</param>
    /// <returns>The stream, which the caller closes; or the reason why there is none.</returns>
    public async Task<(EventStream? Stream, FollowRefusal Refusal)> RunAsync(
        Caller caller, EventFilter filter, string? after)
    {
        // An event doesn't say who owns its task. Events of an own group or task may be followed.
        if (caller.SeesOnly is not null && filter.Group is null && filter.Task is null)
        {
            return (null, FollowRefusal.NotOwn);
        }

        if (filter.Group is { } group
            && (await store.FindGroupAsync(group) is not { } found || !caller.Sees(found.Owner)))
        {
            return (null, FollowRefusal.NoGroup);
        }

        if (filter.Task is { } task
            && (await store.FindAsync(task, TaskParts.Owner) is not { } known || !caller.Sees(known.Owner)))
        {
            return (null, FollowRefusal.NoTask);
        }

        var timeMax = caller.LimitToTokenLifetime(Limits.EventStreamTimeMax, time);
        var stream = EventStream.Open(log, filter, after, timeMax, time);
        return (stream, stream is null ? FollowRefusal.TooMany : FollowRefusal.None);
    }
}
