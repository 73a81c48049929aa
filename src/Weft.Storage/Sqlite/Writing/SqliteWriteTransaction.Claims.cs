using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Engine;
using Weft.Storage.Statements;

namespace Weft.Storage.Sqlite;

/// <summary>
/// Claims in the open transaction, by <see cref="SqliteOffers"/>. A lane without suitable workers costs nothing.
/// </summary>
internal sealed partial class SqliteWriteTransaction
{
    public override TaskClaim Claim(ClaimRequest request, TaskClaim? planned)
    {
        var claim = new TaskClaim(request);
        if (!MayClaimMore)
        {
            RequeueWaiters(claim);
            return claim;
        }

        ClaimChecks(claim);
        if (claim.Missing > 0) Write(statements =>
        {
            foreach (var queue in claim.PacedQueues(lanes))
            {
                QueryPace(statements, Sql, [claim], claim.Identity!.Id, queue).With(Now.ToUnixTimeMilliseconds());
            }
        });
        var serving = claim.LanesIn(lanes, PausedQueues);
        serving.RemoveAll(static lane => lane.Ready == 0);
        var offers = new SqliteOffers(Tasks, serving, claim, Locality);
        var died = 0;
        while (claim.Missing > 0 && MayClaimMore && offers.Next() is { } task)
        {
            if (claim.TryLease(this, task) is { } leased)
            {
                claim.Claimed.Add(HandOut(leased));
            }
            else if (++died == Limits.SweepBatchMax)
            {
                RequeueWaiters(claim);
                break;
            }
        }

        return claim;
    }

    private void ClaimChecks(TaskClaim claim)
    {
        if (claim.Identity is not { } who) return;
        foreach (var lane in claim.CheckLanesIn(lanes, PausedQueues))
        {
            if (lane.Ready == 0) continue;
            CheckWindow last = default;
            foreach (var window in CheckScans.WindowsOf(lane.Id, who.Id))
            {
                if (claim.Missing == 0) return;
                last = window;
                foreach (var check in FindChecks(window, lane, claim))
                {
                    if (claim.Missing == 0 || !MayClaimMore) return;
                    if (claim.TryLease(this, check) is { } leased) claim.Claimed.Add(HandOut(leased));
                }
            }

            if (lane.Ready > 0 && claim.Missing > 0) CheckScans.Note(who.Id, last, EndOf(last, lane), Now);
        }
    }

    private List<TaskRecord> FindChecks(CheckWindow window, SqliteLane lane, TaskClaim claim)
    {
        var who = claim.Identity!;
        var found = new List<TaskRecord>();
        Prepared(SqliteSql.SelectReadyChecks)
            .Bind(lane.Id)
            .Bind(window.From.Priority)
            .Bind(window.From.Id)
            .Bind(window.Max)
            .Bind(who.Id.Value)
            .Bind(who.IsTrusted ? (long?)null : unchecked((long)who.Network.Value))
            .Bind(Now.ToUnixTimeMilliseconds())
            .Bind(who.IsTrusted ? 1 : 0)
            .Bind(lane.Queue)
            .Bind(claim.Missing)
            .Each(row => found.Add(TaskRow.Read(row, lane)));
        return found;
    }

    private CheckPlace? EndOf(CheckWindow window, SqliteLane lane)
    {
        if (lane.Ready <= Limits.ChecksScanMax) return null;
        return Prepared(SqliteSql.SelectChecksEnd)
            .Bind(lane.Id)
            .Bind(window.From.Priority)
            .Bind(window.From.Id)
            .Bind(window.Max)
            .First(static CheckPlace? (row) => new(row.Long(0), row.Long(1)));
    }

    protected override IReadOnlyList<ClaimedTask> Collect(TaskClaim claim) => claim.Claimed;

    private ClaimedTask HandOut(TaskRecord leased)
    {
        var id = leased.Id.Value;
        var checkpoint = leased.Attempt > 1
            ? Prepared(SqliteSql.SelectCheckpoint).Bind(id).First(static row => row.BytesOrNull(0))
            : null;
        var claimed = new ClaimedTask(leased, Tasks.PayloadOf(leased.Id), checkpoint)
        {
            Module = leased.Requires.HasCall
                ? Prepared(StoreSql.SelectTaskCall).Bind(id).First(static row => StoreRows.ReadTaskCall(row))
                : null,
        };
        ClaimedBytes += claimed.WireBytes;
        return claimed;
    }

    /// <summary>
    /// There may be more tasks than were examined: so many had expired that others should have their turn, or one
    /// transaction's claims reached the limit of payloads in memory. Waiters are woken after the commit.
    /// </summary>
    private void RequeueWaiters(TaskClaim claim)
    {
        foreach (var queue in claim.Queues) AnnounceQueue(queue);
    }
}
