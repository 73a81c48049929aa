using Weft.Core;
using Weft.Core.Tasks;
using Weft.Core.Verification;

namespace Weft.Storage.Engine;

/// <summary>
/// Gives the claims of a transaction what is ready, in order, until they have enough or there is no more. Each round
/// takes what the database has locked for it: a few tasks of each lane at first, since a claim of a thousand tasks from
/// a thousand lanes must not lock a million, then twice as many of those lanes that gave all of theirs.
/// </summary>
internal sealed class ClaimRounds(RemoteWriteTransaction transaction, IReadOnlyList<TaskClaim> claims)
{
    // Rows that one lane offers in one round.
    private const int OfferMax = 10_000;

    // Checks that one claim is offered.
    private const int ChecksMax = 1_000;

    private readonly Dictionary<long, (int Asked, int Found, LockedTask? Last)> _offered = [];
    private readonly Dictionary<long, int> _more = [];
    private readonly HashSet<long> _everOffered = [];
    private readonly List<TaskClaim> _round = [];
    private readonly Dictionary<TaskClaim, List<LockedTask>> _checks = [];
    private readonly Dictionary<TaskClaim, CheckWindow[]> _looked = [];
    private readonly HashSet<TaskClaim> _ended = [];
    private int _buried;
    private bool _hasTakenChecks;

    /// <summary>Whether the number of the tasks' files decides who gets them in this round.</summary>
    public bool AsksFiles { get; private set; }

    /// <summary>
    /// The lanes that are looked at in the next round, at most <see cref="Limits.LanesAskedMax"/>, and how many ready
    /// tasks are wanted of each. Claims whose lanes are too many beside those before them have their round later.
    /// </summary>
    public IReadOnlyList<(int Lane, int Asked)> Ask()
    {
        _offered.Clear();
        _round.Clear();
        AsksFiles = false;
        foreach (var claim in claims)
        {
            if (!IsOpen(claim)) continue;
            var lanes = claim.LanesIn(transaction.Lanes, paused: null);
            var added = lanes.Count(lane => !_offered.ContainsKey(lane.Id));
            if (_round.Count > 0 && _offered.Count + added > Limits.LanesAskedMax) continue;
            _round.Add(claim);
            var few = lanes.Count <= 1 ? claim.Missing : 1 + claim.Missing / lanes.Count;
            var sets = SetsFor(claim, lanes);
            foreach (var lane in lanes)
            {
                var isLocal = sets is not null && lane.Requires.HasFiles;
                AsksFiles |= isLocal;
                var asked = _offered.GetValueOrDefault(lane.Id).Asked
                    + (isLocal ? Math.Max(few, Limits.LocalityDepthMax) : few);
                _offered[lane.Id] = (Math.Min(OfferMax, Math.Max(asked, _more.GetValueOrDefault(lane.Id))), 0, null);
            }
        }

        _everOffered.UnionWith(_offered.Keys);
        return [.. _offered.Select(static offered => ((int)offered.Key, offered.Value.Asked))];
    }

    /// <summary>
    /// The claims that may have checks, among which, and how many are wanted: enough for all of them, since the same
    /// may be offered to each.
    /// </summary>
    public IEnumerable<(TaskClaim Claim, CheckWindow[] Windows, int Max)> AskChecks()
    {
        foreach (var claim in claims)
        {
            if (claim.Identity is not { } who) continue;
            var lanes = claim.CheckLanesIn(transaction.Lanes, paused: null);
            if (lanes.Count == 0) continue;
            _looked[claim] = [.. lanes.SelectMany(lane => transaction.CheckScans.WindowsOf(lane.Id, who.Id))];
        }

        var max = _looked.Keys.Sum(static claim => claim.Missing);
        return _looked.Select(looked => (looked.Key, looked.Value, Math.Min(max, ChecksMax)));
    }

    /// <summary>
    /// The workers of which it must be known how many tasks of a queue they may have, with their claims: several share
    /// what one may have.
    /// </summary>
    public IEnumerable<IGrouping<(IdentityId Worker, string Queue), TaskClaim>> AskPaces() => claims
        .SelectMany(claim => claim.PacedQueues(transaction.Lanes), static (claim, queue) => (Claim: claim, queue))
        .GroupBy(static paced => (paced.Claim.Identity!.Id, paced.queue), static paced => paced.Claim);

    /// <summary>The claims that found too few checks, and where they looked last in each lane.</summary>
    public IEnumerable<(TaskClaim Claim, CheckWindow[] Windows)> AskChecksEnds() => _looked
        .Select(looked => (looked.Key, looked.Value.GroupBy(static window => window.Lane)
            .Select(static windows => windows.Last())
            .Where(last => !transaction.CheckScans.IsShort(last.Lane, transaction.Now))
            .ToArray()))
        .Where(static looked => looked.Item2.Length > 0);

    /// <summary>The database has locked a check for a claim, in the order in which they are claimed.</summary>
    public void AddCheck(TaskClaim claim, LockedTask check)
    {
        if (!_checks.TryGetValue(claim, out var offered)) _checks.Add(claim, offered = []);
        offered.Add(check);
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
        TakeChecks();
        var offers = new ReadyOffers(transaction.Rows.Values.Where(static task => !task.IsDeleted), Edge);
        foreach (var claim in _round) Take(claim, offers);
        _buried += offers.Unusable;
        // What was offered and is changed by now is out of the way at the next look, too.
        var progress = transaction.Claimed.Count > before || offers.Unusable > 0
            || transaction.Rows.Values.Any(static task => task.IsChanged);
        _ended.UnionWith(_round.Where(claim => !progress || !IsWorthAnotherLook(claim)));
        AskMoreOf(offers);
        if (transaction.MayClaimMore && _buried < Limits.SweepBatchMax && claims.Any(IsOpen)) return true;
        AnnounceLeft(offers);
        return false;
    }

    /// <summary>
    /// Lanes that may have more are asked for as many again, and for twice as many where all of theirs were taken.
    /// </summary>
    private void AskMoreOf(ReadyOffers offers)
    {
        var left = offers.Left.Select(static left => left.Lane.Id).ToHashSet();
        foreach (var (lane, offered) in _offered)
        {
            if (offered.Found == offered.Asked) _more[lane] = left.Contains(lane) ? offered.Asked : 2 * offered.Asked;
        }
    }

    /// <summary>The files that the claim's worker has; null: none, or no lane is of tasks with files.</summary>
    private long[]? SetsFor(TaskClaim claim, List<Lane> lanes) =>
        lanes.Exists(static lane => lane.Requires.HasFiles) ? transaction.Locality.SetsOf(claim.WorkerId) : null;

    private bool IsOpen(TaskClaim claim) => claim.Missing > 0 && !_ended.Contains(claim);

    /// <summary>Gives a claim the first of what its lanes offer.</summary>
    private void Take(TaskClaim claim, ReadyOffers offers)
    {
        var serving = claim.LanesIn(transaction.Lanes, transaction.PausedQueues);
        var sets = SetsFor(claim, serving);
        while (claim.Missing > 0 && transaction.MayClaimMore
            && offers.TakeForemost(serving, transaction.Locality, sets) is { } task)
        {
            if (claim.TryLease(transaction, task.Record) is null) offers.Unusable++;
            else transaction.HandOut(claim, task);
            if (task.Lane.Requires.IsPaced) serving.RemoveAll(lane => !claim.IsAllowed(lane));
        }
    }

    /// <summary>Checks go first. What nobody took is told to those who passed it over.</summary>
    private void TakeChecks()
    {
        // They were offered once, with the first round.
        if (_hasTakenChecks) return;
        _hasTakenChecks = true;
        foreach (var (claim, checks) in _checks)
        {
            foreach (var check in checks)
            {
                if (claim.Missing == 0 || !transaction.MayClaimMore) break;
                if (check.IsDeleted || check.Record.State != TaskState.Ready) continue;
                if (transaction.PausedQueues.Contains(check.Record.Queue)) continue;
                if (claim.TryLease(transaction, check.Record) is not null) transaction.HandOut(claim, check);
            }
        }

        // Whoever goes without takes something else instead.
        foreach (var claim in _looked.Keys.Where(static claim => claim.Missing == 0).ToArray()) _looked.Remove(claim);

        foreach (var check in _checks.Values.SelectMany(static checks => checks).Distinct())
        {
            if (check is { IsDeleted: false, Record.State: TaskState.Ready }) transaction.AnnounceReady(check.Lane, 1);
        }
    }

    /// <summary>
    /// Others have passed over what was locked here and is not taken: waiting claims are told to try again.
    /// </summary>
    private void AnnounceLeft(ReadyOffers offers)
    {
        foreach (var (lane, count) in offers.Left)
        {
            if (_everOffered.Contains(lane.Id)) transaction.AnnounceReady(lane, count);
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
