
using Weft.Storage.Operations;

namespace Weft.Storage.Engine;

/// <summary>
/// The lanes that this process knows. Lanes are only ever added, so known ones stay valid while the database stays the
/// same; lanes of other coordinators are read when something refers to them.
/// </summary>
internal sealed class SharedLanes : LaneIndex<Lane>
{
    private readonly Lock _gate = new();

    /// <summary>The newest known lane; 0 for none.</summary>
    public long Last { get; private set; }

    /// <summary>
    /// Whether a queue had a module at the last read, so that a task's lane depends on it. Each transaction reads it.
    /// </summary>
    public bool QueuesHaveModules { get; set; }

    /// <summary>
    /// The lanes that a submission needs, as far as they are known: a module may require a different lane from the task
    /// by itself.
    /// </summary>
    public List<NewLane>? FindMissing(SubmitOperation submit)
    {
        var submission = submit.Submission;
        if (submit.Resolved is { } resolved) return LaneRules.FindMissing(this, resolved, submission.Owner);
        if (QueuesHaveModules) return null;
        var known = submission.Tasks.Where(static task => task is { Module: null, Verify: null });
        return LaneRules.FindMissing(this, known, submission.Owner);
    }

    public void Add(Lane lane)
    {
        lock (_gate)
        {
            if (TryPut(lane)) Last = Math.Max(Last, lane.Id);
        }
    }

    /// <summary>
    /// Replaces the lanes with those of a server that may be a different one: a standby that missed the last commits
    /// has fewer lanes, and may have assigned their numbers to others.
    /// </summary>
    /// <param name="stored">All lanes of the database.</param>
    public void Replace(IReadOnlyDictionary<long, Lane> stored)
    {
        lock (_gate)
        {
            if (!All.All(known => stored.TryGetValue(known.Id, out var lane)
                && lane.Queue == known.Queue && lane.Requires.Equals(known.Requires)))
            {
                Clear();
                Last = 0;
            }

            foreach (var lane in stored.Values.OrderBy(static lane => lane.Id)) Add(lane);
        }
    }
}
