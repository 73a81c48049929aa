namespace Weft.Core.Verification;

/// <summary>A worker that has answered verified tasks of a queue lately, and isn't barred.</summary>
/// <param name="Identity">Who it is.</param>
/// <param name="Network">Where its last answer came from.</param>
/// <param name="Answers"><see cref="Standing.Settled"/>.</param>
/// <param name="IsTrusted">The operator vouches for it.</param>
/// <param name="Given">All answers of its own, whatever became of them.</param>
/// <param name="Faults"><see cref="Standing.Faults"/>.</param>
public readonly record struct SeenWorker(
    IdentityId Identity, NetworkKey Network, long Answers, bool IsTrusted, long Given = 0, long Faults = 0);

/// <summary>The workers that answered verified tasks of a queue lately, and can be asked for another answer.</summary>
public sealed class QueueWorkers
{
    private readonly SeenWorker[] _strangers;
    private readonly SeenWorker[] _trusted;

    public QueueWorkers(IEnumerable<SeenWorker> seen)
    {
        var workers = seen.ToArray();
        _trusted = [.. workers.Where(static worker => worker.IsTrusted)];
        // Most answers first, so a search for an experienced worker ends early.
        _strangers = [.. workers.Where(static worker => !worker.IsTrusted)
            .OrderByDescending(static worker => worker.Answers)];
    }

    /// <summary>Nobody has.</summary>
    public static QueueWorkers None { get; } = new([]);

    /// <summary>How many they are.</summary>
    public int Count => _strangers.Length + _trusted.Length;

    /// <summary>
    /// How many strangers have answered as much as elders, and how many of these lost a dispute. Newcomers are none of
    /// them: names cost nothing.
    /// </summary>
    public (int Count, int AtFault) WellKnown(VerificationPolicy policy)
    {
        var needed = VerificationRules.ElderAnswers(policy, MedianAnswers);
        SeenWorker[] known = [.. _strangers.Where(worker => worker.Given >= needed)];
        return (known.Length, known.Count(static worker => worker.Faults > 0));
    }

    /// <summary>The median of their answers, but for the operator's own.</summary>
    public long MedianAnswers => _strangers.Length == 0 ? 0 : _strangers[(_strangers.Length - 1) / 2].Answers;

    /// <summary>What there is of them for a task with these answers.</summary>
    public VerificationPool PoolFor(VerificationPolicy policy, IReadOnlyList<Vote> votes)
    {
        var needed = VerificationRules.ElderAnswers(policy, MedianAnswers);
        var hasElder = _strangers.TakeWhile(worker => worker.Answers >= needed).Any(MayAnswer);
        // The operator's own may be in the network of everybody else.
        var hasTrusted = _trusted.Any(worker => votes.All(vote => vote.Identity != worker.Identity));
        return new(MedianAnswers, hasElder, hasTrusted);

        bool MayAnswer(SeenWorker worker) => votes.All(vote => vote.Identity != worker.Identity
            && (policy.Apart == VerifyApart.Worker || vote.Network != worker.Network));
    }
}
