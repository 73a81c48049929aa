using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Workers;

namespace Weft.Storage.Engine;

/// <summary>One claim within a transaction: its tasks so far, and how many more it may take.</summary>
internal sealed class TaskClaim(ClaimRequest request)
{
    private int _leased;
    private Dictionary<string, WorkerPace>? _paces;

    public IReadOnlyList<string> Queues { get; } =
        request.Queues.Count == 1 ? request.Queues : [.. request.Queues.Distinct(StringComparer.Ordinal)];

    public string WorkerId => request.WorkerId;

    /// <summary>How many tasks it still wants.</summary>
    public int Missing => request.Max - _leased;

    /// <summary>Its tasks, for its worker.</summary>
    public List<ClaimedTask> Claimed { get; } = [];

    /// <summary>Its worker's proved identity; null: it gets no verified task.</summary>
    public WorkerIdentity? Identity => request.Identity;

    /// <summary>The lanes that its worker can serve, except those of <paramref name="paused"/> queues.</summary>
    public List<TLane> LanesIn<TLane>(LaneIndex<TLane> lanes, HashSet<string>? paused)
        where TLane : Lane
    {
        var found = new List<TLane>();
        foreach (var queue in Queues)
        {
            if (paused is not null && paused.Contains(queue)) continue;
            foreach (var lane in lanes.Of(queue))
            {
                if (!lane.Requires.IsCheck && request.Fit.Takes(lane.Requires) && IsAllowed(lane)) found.Add(lane);
            }
        }

        return found;
    }

    /// <summary>Queues in which its worker can't get more tasks ahead of its checks.</summary>
    public IEnumerable<string> PacedQueues<TLane>(LaneIndex<TLane> lanes)
        where TLane : Lane => request.Identity is not { IsTrusted: false }
            ? []
            : Queues.Where(queue => Array.Exists(
                lanes.Of(queue), lane => lane.Requires.IsPaced && request.Fit.Takes(lane.Requires)));

    /// <summary>Its worker gets no more of a queue's than this.</summary>
    public void Keep(WorkerPace pace)
    {
        (_paces ??= new(StringComparer.Ordinal))[pace.Queue] = pace;
        pace.Join(request.Held);
    }

    /// <summary>Whether its worker may have another of the lane's.</summary>
    public bool IsAllowed(Lane lane) => _paces is null || !lane.Requires.IsPaced
        || !_paces.TryGetValue(lane.Queue, out var pace) || !pace.IsSpent;

    /// <summary>
    /// The same for lanes of checks, which are claimed first: an answer can't be read until it is checked, and there is
    /// at most one check for each answer.
    /// </summary>
    public List<TLane> CheckLanesIn<TLane>(LaneIndex<TLane> lanes, HashSet<string>? paused)
        where TLane : Lane
    {
        var found = new List<TLane>();
        if (request.Identity is null) return found;
        foreach (var queue in Queues)
        {
            if (paused is not null && paused.Contains(queue)) continue;
            foreach (var lane in lanes.Of(queue))
            {
                if (lane.Requires.IsCheck && request.Fit.Takes(lane.Requires)) found.Add(lane);
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
            if (leased.Requires.IsVerified) transaction.SaveHolder(leased.Id, request.Identity!);
            if (leased.Requires.IsPaced) _paces?.GetValueOrDefault(leased.Queue)?.Spend();
            return leased;
        }

        // Expired but not swept yet. Mark it dead now so it doesn't block the tasks behind it.
        transaction.Apply(task, TaskCommand.Tick.Instance);
        return null;
    }
}
