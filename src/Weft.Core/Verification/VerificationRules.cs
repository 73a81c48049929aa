namespace Weft.Core.Verification;

/// <summary>
/// When a result from a stranger is believed: the only place that knows. Pure: the same answers, standings and coin
/// always come to the same verdict.
/// </summary>
/// <remarks>
/// With <see cref="VerifyMode.Adaptive"/> a worker's n-th answer is checked with probability c/n, by a coin that is
/// tossed after the answer has come, where c = f / ((1 − f)·ε). Whatever a hostile worker does, it is caught after
/// n / ((1 − f)·c) lies, and these are ε of its n answers while f of all workers are like it: no order of lies and no
/// new name gains anything. The formulas are Sarmenta's credibility (Future Generation Computer Systems 18, 2002), held
/// for every n instead of on average; the lead by which disputes are decided is Brun's iterative redundancy (ICDCS
/// 2011).
/// </remarks>
public static partial class VerificationRules
{
    // Standard deviations.
    private const double Surprise = 3.1;

    /// <summary>What a task's answers come to.</summary>
    /// <param name="policy">What was asked for.</param>
    /// <param name="votes">
    /// All answers in the order in which they came, at least one, with today's standings; of a task that is decided
    /// anew, without those that lost the first time.
    /// </param>
    /// <param name="pool">Who else is there.</param>
    /// <param name="coin">
    /// A random number in [0, 1), drawn after the answer has come: whether a first one is checked, and by whom. 0 where
    /// a check was asked for already.
    /// </param>
    /// <param name="isRepeatable">False once a module's runs were found to differ by themselves.</param>
    public static Verdict Decide(
        VerificationPolicy policy, IReadOnlyList<Vote> votes, VerificationPool pool, double coin,
        bool isRepeatable = true)
    {
        ArgumentOutOfRangeException.ThrowIfZero(votes.Count);
        var groups = new VoteGroups(votes, standing => IsElder(policy, standing, pool));
        if (!isRepeatable && groups.Supported > 1) return new Verdict.Dead(groups.Describe(), IsRepeatable: false);
        var verdict = policy.Mode == VerifyMode.All
            ? DecideAll(policy, votes, groups)
            : DecideAdaptive(policy, votes, groups, pool, coin);
        return verdict is Verdict.Ask && votes.Count >= policy.CopiesMax
            ? new Verdict.Dead(groups.Describe(), IsRepeatable: true) : verdict;
    }

    /// <summary>
    /// Whose answers the newest of <paramref name="votes"/> was set beside, as a check: <see cref="Standing.Checked"/>
    /// for each.
    /// </summary>
    public static IEnumerable<IdentityId> CheckedBy(IReadOnlyList<Vote> votes)
    {
        if (votes[^1].Role is not (AnswerRole.Check or AnswerRole.Audit)) return [];
        return votes.SkipLast(1).Where(static vote => !vote.IsTrusted).Select(static vote => vote.Identity);
    }

    /// <summary>
    /// Whether the promise holds, as far as is known: no more results are wrong than a Poisson variable of the promised
    /// mean shows once in a thousand times. Null: how many may be wrong was not promised.
    /// </summary>
    /// <param name="policy">What was asked for.</param>
    /// <param name="results">How many results were told.</param>
    /// <param name="wrong">Of those, how many are known to be wrong.</param>
    public static bool? IsKept(VerificationPolicy policy, long results, long wrong)
    {
        if (policy.Mode == VerifyMode.All) return null;
        var promised = policy.MaxWrong * results;
        return wrong <= promised + (Surprise * Math.Sqrt(promised));
    }

    private static Verdict DecideAll(VerificationPolicy policy, IReadOnlyList<Vote> votes, VoteGroups groups)
    {
        var (best, lead) = groups.Leader(static group => group.Counted);
        if (lead >= policy.Copies) return Believe(votes, best, RiskOfLead(policy, lead));
        return Ask(policy, votes, CheckFrom.Anyone, groups.Count > 1 ? AnswerRole.Judge : AnswerRole.Check,
            policy.Copies - lead);
    }

    private static Verdict.Believe Believe(IReadOnlyList<Vote> votes, VoteGroup group, double risk) =>
        new(group.Answer,
            [.. votes.Where(vote => vote.Answer != group.Answer && !vote.IsTrusted && vote.Counts)
                .Select(static vote => vote.Identity).Distinct()],
            risk);

    private static Verdict.Ask Ask(
        VerificationPolicy policy, IReadOnlyList<Vote> votes, CheckFrom from, AnswerRole role, int count) =>
        new(from, role, Math.Clamp(count, 1, Math.Max(1, policy.CopiesMax - votes.Count)),
            [.. votes.Select(static vote => vote.Identity).Distinct()],
            policy.Apart == VerifyApart.Worker ? [] : [.. votes.Select(static vote => vote.Network).Distinct()]);

    // Brun: if each vote is wrong with f, and wrong ones agree, then the leader by d is wrong with 1/(1 + ((1−f)/f)^d).
    private static double RiskOfLead(VerificationPolicy policy, int lead) =>
        1 / (1 + Math.Pow((1 - policy.AssumeHostile) / policy.AssumeHostile, lead));
}
