using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Storage.Operations;

namespace Weft.Storage.Engine;

/// <summary>Counts of lanes, for an engine that doesn't keep them in memory.</summary>
/// <param name="inUse">Lanes that hold tasks.</param>
internal sealed class LaneCounts(IEnumerable<Lane> inUse) : ILaneCounts
{
    // Including those that are being added.
    private readonly List<NewLane> _there =
        [.. inUse.Select(static lane => new NewLane(lane.Queue, lane.Requires, lane.Owner))];

    public int Queues => _there.DistinctBy(static lane => lane.Queue).Count();

    public int LanesIn(string queue) => _there.Count(lane => lane.Queue == queue);

    public int QueuesOf(TokenId owner) => Of(owner).DistinctBy(static lane => lane.Queue).Count();

    public int LanesOf(TokenId owner, string queue) => Of(owner).Count(lane => lane.Queue == queue);

    /// <summary>
    /// The missing lanes that submissions need and may have; records for each submission whether it may have its own.
    /// </summary>
    public List<NewLane> Grant(IEnumerable<SubmitOperation> submits, SharedLanes lanes, OwnerBounds bounds)
    {
        var added = new List<NewLane>();
        foreach (var submit in submits)
        {
            List<NewLane> missing = [.. (lanes.FindMissing(submit) ?? []).Where(lane => !added.Exists(lane.IsSame))];
            submit.LanesRefused = missing.Count == 0 ? null : LaneRules.FindRefusal(this, missing, bounds);
            if (submit.LanesRefused is not null) continue;
            added.AddRange(missing);
            _there.AddRange(missing);
        }

        return added;
    }

    private IEnumerable<NewLane> Of(TokenId owner) => _there.Where(lane => lane.Owner == owner && lane.CountsForOwner);
}
