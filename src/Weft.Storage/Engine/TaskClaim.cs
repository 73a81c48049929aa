using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Engine;

/// <summary>One claim within a transaction: what it has been given so far, and how much it may still take.</summary>
internal sealed class TaskClaim(ClaimRequest request)
{
    private int _leased;

    public IReadOnlyList<string> Queues { get; } =
        request.Queues.Count == 1 ? request.Queues : [.. request.Queues.Distinct(StringComparer.Ordinal)];

    /// <summary>How many tasks it still wants.</summary>
    public int Missing => request.Max - _leased;

    /// <summary>What it has been given, for its worker.</summary>
    public List<ClaimedTask> Claimed { get; } = [];

    /// <summary>The lanes that its worker can serve, but for those of <paramref name="paused"/> queues.</summary>
    public List<TLane> LanesIn<TLane>(LaneIndex<TLane> lanes, HashSet<string>? paused)
        where TLane : Lane
    {
        var found = new List<TLane>();
        foreach (var queue in Queues)
        {
            if (paused is not null && paused.Contains(queue)) continue;
            foreach (var lane in lanes.Of(queue))
            {
                if (request.Fit.Takes(lane.Requires)) found.Add(lane);
            }
        }

        return found;
    }

    /// <summary>Leases a ready task. Null: it has expired instead.</summary>
    public TaskRecord? TryLease(WriteTransaction transaction, TaskRecord task)
    {
        var claim = new TaskCommand.Claim(LeaseToken.Create(), request.WorkerId, request.LeaseTime);
        if (transaction.Apply(task, claim).Next is { } leased)
        {
            _leased++;
            return leased;
        }

        // Expired but not swept yet. Mark it dead now so it doesn't block the tasks behind it.
        transaction.Apply(task, TaskCommand.Tick.Instance);
        return null;
    }
}
