
using Weft.Storage.Operations;

namespace Weft.Storage.Engine;

/// <summary>
/// The lanes that this process knows. They are only ever added, so that what is known stays true while the database
/// stays the same one; what another coordinator has added is read when something mentions it.
/// </summary>
internal sealed class SharedLanes : LaneIndex<Lane>
{
    private readonly Lock _gate = new();

    /// <summary>The newest one that is known; 0 for none.</summary>
    public long Last { get; private set; }

    /// <summary>
    /// Whether a queue had a module at the last look, so that a task's lane depends on that. Each transaction looks.
    /// </summary>
    public bool QueuesHaveModules { get; set; }

    /// <summary>
    /// The lanes that a submission needs, as far as that is known: a module may ask for another lane than the task
    /// alone.
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
    /// Takes over what a server says that may be another one by now: a standby that didn't get the last commits has
    /// fewer lanes, and may have given their numbers to others.
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
