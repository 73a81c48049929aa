using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Postgres;

/// <summary>One claim within a transaction: what it has been given so far, and how much it may still take.</summary>
internal sealed class PostgresClaim(ClaimRequest request)
{
    private readonly string[] _queues = [.. request.Queues.Distinct(StringComparer.Ordinal)];
    private readonly List<PostgresTask> _claimed = [];

    /// <summary>How many tasks it still wants.</summary>
    public int Missing => request.Max - _claimed.Count;

    public IEnumerable<PostgresLane> LanesOf(PostgresLanes lanes)
    {
        foreach (var queue in _queues)
        {
            foreach (var lane in lanes.Of(queue))
            {
                if (request.Fit.Takes(lane.Requires)) yield return lane;
            }
        }
    }

    /// <summary>Takes the foremost of what its lanes offer.</summary>
    public void Take(PostgresUnit unit, PostgresOffers offers)
    {
        PostgresLane[] lanes = [.. LanesOf(unit.Lanes).Where(lane => !unit.PausedQueues.Contains(lane.Queue))];
        while (Missing > 0 && unit.HandedBytes <= Limits.ClaimBytesMax && offers.TakeForemost(lanes) is { } task)
        {
            if (unit.Apply(task, new TaskCommand.Claim(LeaseToken.Create(), request.WorkerId, request.LeaseTime)) == Refusal.None)
            {
                _claimed.Add(task);
                unit.Hand(task);
                continue;
            }

            // Its expiry has passed and the sweep hasn't come by yet: buried here, so that it can't hide those behind it.
            unit.Apply(task, TaskCommand.Tick.Instance);
            offers.Unusable++;
        }
    }

    public IReadOnlyList<ClaimedTask> Finish(PostgresUnit unit) =>
    [
        .. _claimed.Select(task => new ClaimedTask(
            // The text of an earlier failure isn't read for a claim, and one that is known by chance isn't told.
            task.Record with { Error = null }, unit.Payloads[task.Record.Id.Value], unit.Checkpoints.TryGetValue(task.Record.Id.Value, out var checkpoint) ? checkpoint : (ReadOnlyMemory<byte>?)null)
        {
            Module = unit.Calls.GetValueOrDefault(task.Record.Id.Value),
        }),
    ];
}
