using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Sqlite.Verbs;

/// <summary>
/// Leases ready tasks. Each lane that the worker can serve offers its own first ones (tasks_ready);
/// of all that are offered, the foremost are taken. A lane that nobody can serve costs nothing.
/// </summary>
internal static class ClaimVerb
{
    public static IReadOnlyList<ClaimedTask> Run(SqliteUnit unit, ClaimRequest request)
    {
        if (unit.HandedBytes > Limits.ClaimBytesMax) return ComeAgain(unit, request, []);
        var lanes = LanesFor(unit, request);
        var claimed = new List<ClaimedTask>();
        for (var buried = 0; buried < Limits.SweepBatchMax;)
        {
            var expired = LeaseForemost(unit, request, lanes, claimed);
            if (expired == 0) return claimed;
            buried += expired;
        }

        return ComeAgain(unit, request, claimed);
    }

    /// <summary>
    /// There may be more than was looked at: so many had expired that others should have their turn, or one transaction's claims
    /// hold as many payloads in memory as they may. Who waits is woken after the commit.
    /// </summary>
    private static List<ClaimedTask> ComeAgain(SqliteUnit unit, ClaimRequest request, List<ClaimedTask> claimed)
    {
        foreach (var queue in request.Queues) unit.AnnounceReady(queue);
        return claimed;
    }

    private static List<SqliteLane> LanesFor(SqliteUnit unit, ClaimRequest request)
    {
        var lanes = new List<SqliteLane>();
        foreach (var queue in request.Queues.Count == 1 ? request.Queues : request.Queues.Distinct(StringComparer.Ordinal))
        {
            if (unit.PausedQueues.Contains(queue)) continue;
            foreach (var lane in unit.Lanes.Of(queue))
            {
                if (lane.Ready > 0 && request.Fit.Takes(lane.Requires)) lanes.Add(lane);
            }
        }

        return lanes;
    }

    /// <summary>Leases what comes first, up to what is missing; answers how many of those that came first had expired instead.</summary>
    private static int LeaseForemost(SqliteUnit unit, ClaimRequest request, List<SqliteLane> lanes, List<ClaimedTask> claimed)
    {
        var missing = request.Max - claimed.Count;
        var offered = new List<TaskRecord>();
        foreach (var lane in lanes) unit.Tasks.Offer(lane, missing, offered);
        if (lanes.Count > 1) offered.Sort(Foremost);
        var expired = 0;
        foreach (var task in offered.Take(missing))
        {
            if (unit.HandedBytes > Limits.ClaimBytesMax) return 0;
            var decision = unit.Apply(task, new TaskCommand.Claim(LeaseToken.Create(), request.WorkerId, request.LeaseTime));
            if (decision.Next is { } leased)
            {
                claimed.Add(Hand(unit, leased));
                unit.HandedBytes += claimed[^1].Payload.Bytes.Length;
                continue;
            }

            // Its expiry has passed and the sweep hasn't come by yet: buried here, so that it can't hide those behind it.
            unit.Apply(task, TaskCommand.Tick.Instance);
            expired++;
        }

        return expired;
    }

    private static int Foremost(TaskRecord a, TaskRecord b) =>
        a.Priority != b.Priority ? b.Priority.CompareTo(a.Priority) : a.Id.Value.CompareTo(b.Id.Value);

    private static ClaimedTask Hand(SqliteUnit unit, TaskRecord leased) =>
        new(leased, unit.Tasks.PayloadOf(leased.Id), leased.Attempt > 1 ? ReadCheckpoint(unit, leased.Id) : null)
        {
            Module = leased.Requires.RunsModule ? SqliteModules.ReadCall(unit.Connection, leased.Id) : null,
        };

    private static ReadOnlyMemory<byte>? ReadCheckpoint(SqliteUnit unit, TaskId id)
    {
        var row = unit.Prepared(SqliteSql.SelectCheckpoint).Bind(id.Value);
        var checkpoint = row.Step() ? row.BlobOrNull(0) : null;
        row.Reset();
        return checkpoint;
    }
}
