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
        LockedTask[] verified =
        [
            .. PlannedRows().Where(static row => row.Lane.Requires.IsVerified).DistinctBy(static row => row.Record.Id),
        ];
        if (verified.Length == 0) return;
        LockedTask[] copies =
            [.. verified.Where(row => !row.Record.State.IsFinal || plan.Audits.Contains(row.Record.Id.Value))];
        await using var trip = session.NewTrip();
        trip.Query(_sql.LockFamilies, row => ReadTask(row)).With(IdsOf(verified));
        // Of a task that is deleted, nothing else matters.
        trip.Query(_sql.SelectOpenChecks, row => transaction.OpenChecks[row.Long(0)] = new(row.Long(1)))
            .With(IdsOf(verified));
        if (copies.Length > 0) QueryCopies(trip, copies);
        await trip.SendAsync();
    }

    private void QueryCopies(RoundTrip<TRow> trip, LockedTask[] copies)
    {
        foreach (var id in IdsOf(copies))
        {
            VerifiedCopy.Query(trip, new(id), copy =>
            {
                copy.Facts = transaction.Facts;
                transaction.Copies[id] = copy;
                transaction.Copies.TryAdd(copy.Parent.Value, copy);
            });
            transaction.Facts.QueryModule(trip, new(id));
        }

        trip.Run(_sql.InsertStandings).With(IdsOf(copies));
        trip.Query(_sql.LockStandings, row => transaction.Facts.AddStanding(row)).With(IdsOf(copies));
        foreach (var queue in copies.Select(static row => row.Record.Queue).Distinct(StringComparer.Ordinal))
        {
            transaction.Facts.QueryWorkers(trip, queue, transaction.Seen, transaction.Now);
        }

        trip.Query(_sql.TakeTaskIds, row => transaction.CheckIds.Enqueue(row.Long(0)))
            .With((long)copies.Length);
    }

    /// <summary>What operations have named, and their selections have found; not what claims are offered.</summary>
    private IEnumerable<LockedTask> PlannedRows() => plan.Tasks
        .Select(id => transaction.Rows.GetValueOrDefault(id))
        .OfType<LockedTask>()
        .Concat(plan.Remembered)
        .Concat(transaction.Selected.Values.SelectMany(static found => found));

    private void QueryPaces(RoundTrip<TRow> trip)
    {
        var paced = _claims.AskPaces().ToArray();
        if (paced.Length == 0) return;
        trip.Select(_sql.LockPaces)
            .With([.. paced.Select(static claims => claims.Key.Worker.Value).Distinct().Order()]);
        foreach (var claims in paced)
        {
            WriteTransaction.QueryPace(trip, _sql, [.. claims], claims.Key.Worker, claims.Key.Queue);
        }
    }

    private void QueryChecks(RoundTrip<TRow> trip)
    {
        foreach (var (claim, windows, max) in _claims.AskChecks())
        {
            var who = claim.Identity!;
            With(trip.Query(_sql.LockReadyChecks, row => _claims.AddCheck(claim, ReadTask(row))), windows)
                .With(who.Id.Value)
                .With(who.IsTrusted ? (long?)null : unchecked((long)who.Network.Value))
                .With(who.IsTrusted ? 1L : 0L)
                .With((long)max);
        }
    }

    private void QueryChecksEnds(RoundTrip<TRow> trip)
    {
        foreach (var (claim, windows) in _claims.AskChecksEnds())
        {
            var (worker, scans, now) = (claim.Identity!.Id, transaction.CheckScans, transaction.Now);
            foreach (var window in windows) scans.Note(worker, window, end: null, now);
            With(trip.Query(_sql.SelectChecksEnds, row =>
            {
                var window = Array.Find(windows, window => window.Lane == row.Int(0));
                scans.Note(worker, window, new(row.Long(1), row.Long(2)), now);
            }), windows);
        }
    }

    private static RoundTrip With(RoundTrip query, CheckWindow[] windows) => query
        .With([.. windows.Select(static window => (int)window.Lane)])
        .With([.. windows.Select(static window => (int)window.From.Priority)])
        .With([.. windows.Select(static window => window.From.Id)])
        .With([.. windows.Select(static window => window.Max)]);
}
