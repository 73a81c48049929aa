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
        List<SqliteLane>? lanes = null;
        foreach (var queue in request.Queues)
        {
            if (unit.PausedQueues.Contains(queue)) continue;
            foreach (var lane in unit.Lanes.Of(queue))
            {
                if (lane.Ready > 0 && lane.Requires.AreMetBy(request.Capabilities)) (lanes ??= []).Add(lane);
            }
        }

        if (lanes is null) return [];
        var offered = new List<TaskRecord>(Math.Min(request.Max, Limits.ClaimBatchMax));
        foreach (var lane in lanes) Offer(unit, lane, request.Max, offered);
        if (lanes.Count > 1) offered.Sort(Foremost);
        return Lease(unit, request, offered);
    }

    private static int Foremost(TaskRecord a, TaskRecord b) =>
        a.Priority != b.Priority ? b.Priority.CompareTo(a.Priority) : a.Id.Value.CompareTo(b.Id.Value);

    private static void Offer(SqliteUnit unit, SqliteLane lane, int max, List<TaskRecord> offered)
    {
        var row = unit.Prepared(SqliteSql.SelectReady).Bind(lane.Id).Bind(max);
        while (row.Step()) offered.Add(SqliteRows.ReadTask(row, lane));
        row.Reset();
    }

    private static List<ClaimedTask> Lease(SqliteUnit unit, ClaimRequest request, List<TaskRecord> offered)
    {
        var claimed = new List<ClaimedTask>(Math.Min(request.Max, offered.Count));
        long bytes = 0;
        foreach (var task in offered)
        {
            if (claimed.Count == request.Max || bytes > Limits.ClaimBytesMax) break;
            var decision = unit.Apply(task, new TaskCommand.Claim(LeaseToken.Create(), request.WorkerId, request.LeaseTime));
            // Its expiry has passed and the sweep hasn't come by yet: bury it here, so that it can't hide those behind it.
            if (decision.Refusal == Refusal.Expired) unit.Apply(task, TaskCommand.Tick.Instance);
            if (decision.Next is not { } leased) continue;
            var payload = ReadPayload(unit, leased.Id);
            bytes += payload.Bytes.Length;
            claimed.Add(new(leased, payload, leased.Attempt > 1 ? ReadCheckpoint(unit, leased.Id) : null));
        }

        return claimed;
    }

    private static Payload ReadPayload(SqliteUnit unit, TaskId id)
    {
        var row = unit.Prepared(SqliteSql.SelectPayload).Bind(id.Value);
        row.Step();
        var payload = new Payload(row.Blob(1), row.Long(0) != 0);
        row.Reset();
        return payload;
    }

    private static ReadOnlyMemory<byte>? ReadCheckpoint(SqliteUnit unit, TaskId id)
    {
        var row = unit.Prepared(SqliteSql.SelectCheckpoint).Bind(id.Value);
        var checkpoint = row.Step() ? row.BlobOrNull(0) : null;
        row.Reset();
        return checkpoint;
    }
}
