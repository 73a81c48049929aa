using Weft.Core.Tasks;

namespace Weft.Storage.Engine;

/// <summary>
/// What the verified tasks of a transaction need besides: a round trip more, for those alone.
/// </summary>
internal sealed partial class RemoteTransactionExecutor<TRow>
{
    /// <summary>Locks the tasks that checks are of, and the checks that tasks have, and reads the answers.</summary>
    private async Task VerifyAsync()
    {
        long[] copies =
        [
            .. PlannedRows().Where(static row => row.Lane.Requires.IsVerified && !row.Record.State.IsFinal)
                .Select(static row => row.Record.Id.Value)
                .Distinct(),
        ];
        if (copies.Length == 0) return;
        await using var trip = session.NewTrip();
        trip.Query(_sql.LockFamilies, row => ReadTask(row)).With(copies);
        foreach (var id in copies)
        {
            VerifiedCopy.Query(trip, new(id), copy =>
            {
                transaction.Copies[id] = copy;
                transaction.Copies.TryAdd(copy.Parent.Value, copy);
            });
        }

        trip.Query(_sql.TakeTaskIds, row => transaction.CheckIds.Enqueue(row.Long(0)))
            .With((long)copies.Length);
        await trip.SendAsync();
    }

    /// <summary>What operations have named, and their selections have found; not what claims are offered.</summary>
    private IEnumerable<LockedTask> PlannedRows() => plan.Tasks
        .Select(id => transaction.Rows.GetValueOrDefault(id))
        .OfType<LockedTask>()
        .Concat(plan.Remembered)
        .Concat(transaction.Selected.Values.SelectMany(static found => found));

    private void QueryChecks(RoundTrip<TRow> trip)
    {
        foreach (var (claim, lanes, max) in _claims.AskChecks())
        {
            var who = claim.Identity!;
            trip.Query(_sql.LockReadyChecks, row => _claims.AddCheck(claim, ReadTask(row)))
                .With(lanes)
                .With(who.Id.Value)
                .With(unchecked((long)who.Network.Value))
                .With((long)max);
        }
    }
}
