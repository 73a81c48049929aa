using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Matching;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Engine;

/// <summary>A lane that new tasks need.</summary>
/// <param name="Owner">The owner whose tasks need it first: it counts for that owner.</param>
internal sealed record NewLane(string Queue, Requirements Requires, TokenId? Owner)
{
    /// <summary>The default queue counts for nobody.</summary>
    public bool CountsForOwner => Queue != Limits.QueueDefault || !Requires.AsksForNothing;

    /// <summary>Whether it is the same lane, whoever needs it.</summary>
    public bool IsSame(NewLane other) => Queue == other.Queue && Requires.Equals(other.Requires);
}

/// <summary>Counts of lanes.</summary>
internal interface ILaneCounts
{
    /// <summary>Queues that have a lane.</summary>
    int Queues { get; }

    /// <summary>Lanes of a queue.</summary>
    int LanesIn(string queue);

    /// <summary>Queues with a lane that counts for the owner.</summary>
    int QueuesOf(TokenId owner);

    /// <summary>Lanes of a queue that count for the owner.</summary>
    int LanesOf(TokenId owner, string queue);
}

/// <summary>
/// Whether more lanes are allowed: there are limits for queues, for each queue's lanes, and for one owner's share of
/// both.
/// </summary>
internal static class LaneRules
{
    /// <summary>The missing lanes that tasks need; null for none, by far the most common case.</summary>
    public static List<NewLane>? FindMissing<TLane>(LaneIndex<TLane> lanes, IEnumerable<NewTask> tasks, TokenId? owner)
        where TLane : Lane
    {
        List<NewLane>? missing = null;
        foreach (var task in tasks)
        {
            Find(task.Queue, task.Requires);
            // Its checks come later, when it would be too late to report that there is no space for them.
            if (task.Requires.IsVerified) Find(task.Queue, task.Requires.Check());
        }

        return missing;

        void Find(string queue, Requirements requires)
        {
            if (lanes.Find(queue, requires) is not null) return;
            var lane = new NewLane(queue, requires, owner);
            if (missing is null || !missing.Contains(lane)) (missing ??= []).Add(lane);
        }
    }

    /// <summary>Why these lanes may not be added, all or none; null: they may.</summary>
    public static SubmitStatus? FindRefusal(ILaneCounts there, List<NewLane> added, OwnerBounds bounds)
    {
        // The default queue must never be refused.
        var queues = added.Where(lane => lane.Queue != Limits.QueueDefault && there.LanesIn(lane.Queue) == 0)
            .DistinctBy(static lane => lane.Queue).Count();
        if (queues > 0 && there.Queues + queues > Limits.QueuesMax) return SubmitStatus.TooManyQueues;
        // Nor tasks that ask for nothing, whatever else their queue holds.
        var asking = added.Where(static lane => !lane.Requires.AsksForNothing).CountBy(static lane => lane.Queue)
            .ToArray();
        if (asking.Any(queue => there.LanesIn(queue.Key) + queue.Value > Limits.LanesPerQueueMax))
        {
            return SubmitStatus.TooManyRequirements;
        }

        if (added[0].Owner is not { } owner) return null;
        var ownedQueues = added.Where(lane => lane.CountsForOwner && there.LanesOf(owner, lane.Queue) == 0)
            .DistinctBy(static lane => lane.Queue).Count();
        if (ownedQueues > 0 && there.QueuesOf(owner) + ownedQueues > bounds.Queues) return SubmitStatus.OwnerQueuesFull;
        return asking.Any(queue => there.LanesOf(owner, queue.Key) + queue.Value > Limits.LanesPerQueueOfOwnerMax)
            ? SubmitStatus.OwnerRequirementsFull
            : null;
    }
}
