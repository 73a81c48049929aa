using System.Globalization;
using Weft.CommandLine;
using Weft.Contracts;
using Weft.Core;
using Weft.Core.Verification;

namespace Weft.Demo.Liars;

/// <summary>What <c>weft demo --liars</c> plays.</summary>
/// <param name="Workers">How many work.</param>
/// <param name="Liars">How many of them lie.</param>
/// <param name="Tasks">How many products are asked for.</param>
/// <param name="Seed">The same seed gives the same matrices.</param>
/// <param name="Policy">What is asked of the results.</param>
internal sealed record LiarsOptions(int Workers, int Liars, int Tasks, int Seed, VerificationPolicy Policy)
{
    /// <summary>
    /// So many right answers a liar gives first, to be believed unchecked half of the time: a fifth at most of those
    /// that it will be asked for.
    /// </summary>
    public int HonestFirst { get; } = Math.Max(1, Math.Min(
        (int)Math.Ceiling(2 * VerificationRules.FreeAnswers(Policy)), Tasks / Workers / 2));

    /// <summary>As the API has it. All workers are in one network: this machine.</summary>
    public Verify Verify { get; } = new(
        MaxWrong: Policy.MaxWrong, AssumeHostile: Policy.AssumeHostile, Apart: "worker");

    /// <exception cref="UsageFailure">So few honest workers could not outvote the liars.</exception>
    public static LiarsOptions Of(double share, int workers, int tasks, int seed)
    {
        var liars = share == 0 ? 0 : Math.Max(1, (int)Math.Round(share * workers));
        var policy = VerificationPolicy.Default with
        {
            AssumeHostile = share == 0 ? Limits.VerifyHostileDefault : Math.Max(share, Limits.VerifyHostileMin),
            Apart = VerifyApart.Worker,
        };
        // Where all liars confirm each other, the honest must still lead by what the rule asks for.
        var lead = VerificationRules.DisputeLead(policy);
        if (workers - liars >= liars + lead) return new(workers, liars, tasks, seed, policy);
        var needed = Math.Ceiling(lead / (1 - (2 * policy.AssumeHostile)));
        throw new UsageFailure(string.Create(CultureInfo.InvariantCulture,
            $"--liars {share} needs at least {needed} --workers: the honest ones must be able to outvote the others."));
    }
}
