using Weft.Core.Access;
using Weft.Core.Events;
using Weft.Core.Storage;

namespace Weft.Core.UseCases;

/// <summary>Why somebody may not follow events.</summary>
public enum FollowRefusal : byte
{
    None = 0,

    /// <summary>The caller sees its own tasks alone, and must say which: its group, or one of them.</summary>
    NotOwn,

    /// <summary>There is no such group, or none that the caller may see.</summary>
    NoGroup,

    /// <summary>There is no such task, or none that the caller may see.</summary>
    NoTask,

    /// <summary>Too many follow already.</summary>
    TooMany,
}

/// <summary>Lets a caller follow what happens at this coordinator, as far as it may see it.</summary>
public sealed class FollowEvents(EventLog log, ITaskStore store, TimeProvider time)
{
    /// <param name="caller">Who follows.</param>
    /// <param name="filter">Which events.</param>
    /// <param name="after">The id of the last event that the caller has seen, as it gives it; null: none.</param>
    /// <returns>The stream, which the caller closes; or why there is none.</returns>
    public async Task<(EventStream? Stream, FollowRefusal Refusal)> RunAsync(
        Caller caller, EventFilter filter, string? after)
    {
        // Whose a task is isn't told by what happens to it. What belongs to somebody's group, or task, is.
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
