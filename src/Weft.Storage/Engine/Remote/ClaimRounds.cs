using Weft.Core;

namespace Weft.Storage.Engine;

/// <summary>
/// Gives the claims of a transaction what is ready, in order, until they have enough or there is no more. Each round
/// takes what the database has locked for it; only claims that met what can't be claimed need another one.
/// </summary>
internal sealed class ClaimRounds(RemoteWriteTransaction transaction, IReadOnlyList<TaskClaim> claims)
{
    // Rows that one lane offers in one round.
    private const int OfferMax = 10_000;

    private readonly Dictionary<long, (int Asked, int Found, LockedTask? Last)> _offered = [];
    private int _buried;

    /// <summary>The lanes that are looked at in the next round, and how many ready tasks are wanted of each.</summary>
    public IReadOnlyList<(int Lane, int Asked)> Ask()
    {
        _offered.Clear();
        foreach (var claim in claims)
        {
            if (claim.Missing == 0) continue;
            foreach (var lane in claim.LanesIn(transaction.Lanes, paused: null))
            {
                var asked = _offered.GetValueOrDefault(lane.Id).Asked + claim.Missing;
                _offered[lane.Id] = (Math.Min(OfferMax, asked), 0, null);
            }
        }

        return [.. _offered.Select(static offered => ((int)offered.Key, offered.Value.Asked))];
    }

    /// <summary>The database has locked a ready task, in the order of its lane.</summary>
    public void Add(LockedTask task)
    {
        var offered = _offered[task.Lane.Id];
        _offered[task.Lane.Id] = offered with { Found = offered.Found + 1, Last = task };
    }

    /// <summary>Takes what is there. True: another round may find more.</summary>
    public bool Take()
    {
        var before = transaction.Claimed.Count;
        var offers = new ReadyOffers(transaction.Rows.Values.Where(static task => !task.IsDeleted), Edge);
        foreach (var claim in claims) Take(claim, offers);
        _buried += offers.Unusable;
        // What was offered and is changed by now is out of the way at the next look, too.
        var progress = transaction.Claimed.Count > before || offers.Unusable > 0
            || transaction.Rows.Values.Any(static task => task.IsChanged);
        if (progress && transaction.MayClaimMore && claims.Any(IsWorthAnotherLook) && _buried < Limits.SweepBatchMax)
        {
            return true;
        }

        AnnounceLeft(offers);
        return false;
    }

    /// <summary>Gives a claim the first of what its lanes offer.</summary>
    private void Take(TaskClaim claim, ReadyOffers offers)
    {
        var serving = claim.LanesIn(transaction.Lanes, transaction.PausedQueues);
        while (claim.Missing > 0 && transaction.MayClaimMore && offers.TakeForemost(serving) is { } task)
        {
            if (claim.TryLease(transaction, task.Record) is null) offers.Unusable++;
            else transaction.HandOut(claim, task);
        }
    }

    /// <summary>
    /// Others have passed over what was locked here and is not taken: who waits for it is told to come again.
    /// </summary>
    private void AnnounceLeft(ReadyOffers offers)
    {
        foreach (var (lane, count) in offers.Left)
        {
            if (_offered.ContainsKey(lane.Id)) transaction.AnnounceReady(lane, count);
        }
    }

    private bool IsWorthAnotherLook(TaskClaim claim) => claim.Missing > 0
        && claim.LanesIn(transaction.Lanes, paused: null).Exists(lane => Edge(lane) is not null);

    /// <summary>
    /// The last ready task that the database was asked for, where it may have more; null where it hasn't.
    /// </summary>
    private LockedTask? Edge(Lane lane) =>
        _offered.TryGetValue(lane.Id, out var offered) && offered.Found == offered.Asked ? offered.Last : null;
}
