using System.Globalization;
using Weft.CommandLine;
using Weft.Contracts;
using Weft.Core;
using Weft.Core.Verification;

namespace Weft.Demo.Liars;

/// <summary>The options of <c>weft demo --liars</c>.</summary>
/// <param name="Workers">Number of workers.</param>
/// <param name="Liars">How many of them are dishonest.</param>
/// <param name="Tasks">Number of products.</param>
/// <param name="Seed">The same seed gives the same matrices.</param>
/// <param name="Policy">How results are verified.</param>
internal sealed record LiarsOptions(int Workers, int Liars, int Tasks, int Seed, VerificationPolicy Policy)
{
    /// <summary>
    /// How many correct answers a dishonest worker gives first, so that half of its answers are accepted unchecked: at
    /// most a fifth of its expected share.
    /// </summary>
    public int HonestFirst { get; } = Math.Max(1, Math.Min(
        (int)Math.Ceiling(2 * VerificationRules.FreeAnswers(Policy)), Tasks / Workers / 2));

    /// <summary>The same as in the API. All workers are in one network: this machine.</summary>
    public Verify Verify { get; } = new(
        MaxWrong: Policy.MaxWrong, AssumeHostile: Policy.AssumeHostile, Apart: "worker");

    /// <exception cref="UsageFailure">There are too few honest workers to outvote the others.</exception>
    public static LiarsOptions Of(double share, int workers, int tasks, int seed)
    {
        var liars = share == 0 ? 0 : Math.Max(1, (int)Math.Round(share * workers));
        var policy = VerificationPolicy.Default with
        {
            AssumeHostile = share == 0 ? Limits.VerifyHostileDefault : Math.Max(share, Limits.VerifyHostileMin),
            Apart = VerifyApart.Worker,
        };
        // Even if all dishonest workers confirm one another, the honest ones must lead by the number that the rule
        // requires.
        var lead = VerificationRules.DisputeLead(policy);
        if (workers - liars >= liars + lead) return new(workers, liars, tasks, seed, policy);
        var needed = Math.Ceiling(lead / (1 - (2 * policy.AssumeHostile)));
        throw new UsageFailure(string.Create(CultureInfo.InvariantCulture,
            $"--liars {share} needs at least {needed} --workers: the honest must be able to outvote the others."));
    }
}
