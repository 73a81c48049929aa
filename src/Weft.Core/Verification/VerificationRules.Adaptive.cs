namespace Weft.Core.Verification;

public static partial class VerificationRules
{
    /// <summary>
    /// Whether a worker's word weighs where answers differ: it has given as many answers as the median of the queue, or
    /// enough to be believed unchecked.
    /// </summary>
    public static bool IsElder(VerificationPolicy policy, in Standing standing, VerificationPool pool) =>
        !standing.IsBarred && standing.Settled >= ElderAnswers(policy, pool.MedianAnswers);

    /// <summary>From how many answers on a worker is an elder.</summary>
    public static double ElderAnswers(VerificationPolicy policy, long medianAnswers) =>
        Math.Min(FreeAnswers(policy), Math.Max(Limits.VerifyElderAnswersMin, medianAnswers));

    /// <summary>c: how many answers of a worker are all checked.</summary>
    public static double FreeAnswers(VerificationPolicy policy) =>
        policy.AssumeHostile / ((1 - policy.AssumeHostile) * policy.MaxWrong);

    /// <summary>q: how likely a worker's newest answer is checked, in [0, 1].</summary>
    public static double CheckShare(VerificationPolicy policy, in Standing standing)
    {
        // What a name is worth isn't known while audits go through what it stood for.
        if (standing.IsBarred || standing.IsAudited) return 1;
        var needed = FreeAnswers(policy) / Math.Max(1, standing.Settled);
        var share = Math.Max(Limits.VerifyCheckShareMin, needed);
        // All that was believed meanwhile could be lies: nobody has looked yet at those that the coin chose. It chooses
        // more than are needed of a name that is worth much.
        if (standing.Drawn >= Limits.VerifyDrawnMax * share / needed) return 1;
        // One that errs more often than the promise allows, honestly or not, is checked for the rest.
        if (standing.Faults >= 2)
        {
            share = Math.Max(share, 1 - policy.MaxWrong * Math.Max(1, standing.Checks) / standing.Faults);
        }

        return Math.Min(1, share);
    }

    /// <summary>
    /// How many more tasks of its own a worker may be handed: it may be ahead of its checks by one answer more than
    /// were found right. So a newcomer has one, then two, four, and soon as many as it likes; one that only ever lies
    /// has one at a time, and waits while others find out, instead of keeping them all busy.
    /// </summary>
    /// <param name="standing">What is known of the worker.</param>
    /// <param name="taken">How many it has been handed, and hasn't answered.</param>
    /// <param name="unlooked">
    /// How many of its open answers nobody comes to check, though anybody might: they hold it back no longer, since
    /// tasks that nobody can check must not keep it from all others. They speak for it no more than before: only
    /// the pace is another.
    /// </param>
    public static long TasksAllowed(in Standing standing, long taken, long unlooked = 0) =>
        standing.IsBarred ? 0 : Math.Max(0, 1 + standing.Settled - (standing.Open - unlooked) - taken);

    /// <summary>d: by how many elders an answer must lead where answers differ, so that f·(f/(1 − f))^d ≤ ε.</summary>
    public static int DisputeLead(VerificationPolicy policy)
    {
        var hostile = policy.AssumeHostile;
        var lead = Math.Log(policy.MaxWrong / hostile) / Math.Log(hostile / (1 - hostile));
        return Math.Max(2, (int)Math.Ceiling(lead));
    }

    /// <summary>
    /// m: after so many right audits the search through what a worker supported ends, when it was at fault once. One
    /// that is wrong is the proof: all is audited, and the worker is barred.
    /// </summary>
    public static int AuditsAfterFault(VerificationPolicy policy) =>
        Math.Max(1, (int)Math.Ceiling(1 / (Math.E * policy.MaxWrong)));

    /// <summary>
    /// Who is to look again at a result that <paramref name="suspect"/> supports; null where two others do, or a
    /// trusted worker.
    /// </summary>
    public static Verdict.Ask? Audit(
        VerificationPolicy policy, IReadOnlyList<Vote> votes, IdentityId suspect, VerificationPool pool, double coin)
    {
        var others = votes.Count(vote => vote.Identity != suspect && vote.Counts);
        if (others >= 2 || votes.Any(static vote => vote.IsTrusted)) return null;
        return Ask(policy, votes, CheckerOf(pool, coin), AnswerRole.Audit, 1);
    }

    /// <summary>Whether elders that were never at fault gave different answers: <see cref="ModuleChecks"/>.</summary>
    public static bool IsDisputeOfElders(
        VerificationPolicy policy, IReadOnlyList<Vote> votes, VerificationPool pool)
    {
        var clean = votes.Where(vote => vote.Standing.Faults == 0 && IsElder(policy, vote.Standing, pool));
        return clean.Select(static vote => vote.Answer).Distinct().Skip(1).Any();
    }

    /// <summary>
    /// Whether a module's runs give the same everywhere, as far as is known. False: its disputes are more than lies
    /// explain, and so are the workers that lost them: as many as may be hostile can lose for their lies, however
    /// suddenly all of them begin.
    /// </summary>
    public static bool IsRepeatable(VerificationPolicy policy, ModuleChecks checks, QueueWorkers workers)
    {
        if (!checks.HasManyDisputes) return true;
        var (count, atFault) = workers.WellKnown(policy);
        return atFault <= Math.Ceiling(policy.AssumeHostile * count);
    }

    /// <summary>
    /// How many copies of a task are computed, on average over a worker's first <paramref name="answers"/>, while
    /// nobody lies: 1 + (1/n)·Σ min(1, max(c/i, floor)).
    /// </summary>
    public static double PredictedCopies(VerificationPolicy policy, double answers)
    {
        if (policy.Mode == VerifyMode.All) return policy.Copies;
        var free = FreeAnswers(policy);
        if (answers <= free) return 2;
        var floorFrom = Math.Min(answers, free / Limits.VerifyCheckShareMin);
        var checks = free + (free * Math.Log(floorFrom / free))
            + (Limits.VerifyCheckShareMin * (answers - floorFrom));
        return 1 + (checks / answers);
    }

    private static Verdict DecideAdaptive(
        VerificationPolicy policy, IReadOnlyList<Vote> votes, VoteGroups groups, VerificationPool pool, double coin)
    {
        var (best, lead) = groups.Leader(static group => group.Trusted);
        if (lead > 0) return Believe(votes, best, risk: 0);
        // They are right by assumption; where they differ, one more has to say.
        if (best.Trusted > 0) return Ask(policy, votes, CheckFrom.Trusted, AnswerRole.Judge, 1);
        return groups.Count > 1
            ? DecideDispute(policy, votes, groups, pool)
            : DecideAgreement(policy, votes, groups, pool, coin);
    }

    private static Verdict DecideAgreement(
        VerificationPolicy policy, IReadOnlyList<Vote> votes, VoteGroups groups, VerificationPool pool, double coin)
    {
        var (group, _) = groups.Leader(static group => group.Counted);
        if (votes.Count == 1)
        {
            var share = CheckShare(policy, votes[0].Standing);
            if (coin >= share) return Believe(votes, group, policy.MaxWrong);
            // Below the share, the coin is still as random as it was: it also says who checks.
            return AskCheck(policy, votes, group, pool, coin / share) with { IsDrawn = share < 1 };
        }

        // Two newcomers may be one person; three in three networks are taken for different ones. An elder's word is
        // enough beside that of one who has been barred since.
        var isEnough = group.Counted >= 3 || (group.Elders > 0 && (group.Counted > 1 || !votes[0].Counts));
        return isEnough
            ? Believe(votes, group, Math.Min(policy.MaxWrong, RiskOfLead(policy, group.Elders)))
            : AskCheck(policy, votes, group, pool, coin);
    }

    private static Verdict.Ask AskCheck(
        VerificationPolicy policy, IReadOnlyList<Vote> votes, VoteGroup group, VerificationPool pool, double coin)
    {
        var from = CheckerOf(pool, coin);
        var isOne = from != CheckFrom.Anyone || group.Elders > 0;
        return Ask(policy, votes, from, AnswerRole.Check, isOne ? 1 : 3 - group.Counted);
    }

    private static Verdict DecideDispute(
        VerificationPolicy policy, IReadOnlyList<Vote> votes, VoteGroups groups, VerificationPool pool)
    {
        if (pool.HasTrusted && groups.OfElders > 1) return Ask(policy, votes, CheckFrom.Trusted, AnswerRole.Judge, 1);
        // Newcomers have no weight while there are elders left to ask: names cost nothing.
        var (best, lead) = groups.Leader(static group => group.Elders);
        var needed = pool.HasTrusted ? 2 : DisputeLead(policy);
        if (lead < needed && !pool.HasElder) (best, lead) = groups.Leader(static group => group.Counted);
        if (lead >= needed) return Believe(votes, best, Math.Min(policy.MaxWrong, RiskOfLead(policy, lead)));
        return Ask(policy, votes, pool.HasElder ? CheckFrom.Elder : CheckFrom.Anyone, AnswerRole.Judge, needed - lead);
    }

    private static CheckFrom CheckerOf(VerificationPool pool, double coin)
    {
        // The upper end: with the coin 0 of a check that is asked for once more, it stays an elder's.
        if (pool.HasTrusted && (!pool.HasElder || coin >= 1 - Limits.VerifyTrustedShare)) return CheckFrom.Trusted;
        return pool.HasElder ? CheckFrom.Elder : CheckFrom.Anyone;
    }
}
