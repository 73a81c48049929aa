using Weft.Core.Verification;
using Weft.Core.Verification.Planning;

namespace Weft.Core.Tests.Verification;

/// <summary>
/// The rule in a small world: 20 workers, of which a fifth lies, and 400 tasks each; at most one wrong result in a
/// hundred is allowed. The whole table is <c>weft verify plan</c>.
/// </summary>
public class PlanSimulationTests
{
    private const double Hostile = 0.2;
    private static readonly VerificationPolicy Policy = VerificationPolicy.Default with { AssumeHostile = Hostile };
    private static readonly PlanSettings World = new(Workers: 20, TasksEach: 400, Hostile, Policy);

    public static TheoryData<string, bool> Attacks()
    {
        var attacks = new TheoryData<string, bool>();
        foreach (var attack in PlanAttack.All)
        {
            attacks.Add(attack.Name, true);
            attacks.Add(attack.Name, false);
        }

        return attacks;
    }

    [Theory]
    [MemberData(nameof(Attacks))]
    public void WrongResults_AreNotMoreThanPromised(string name, bool hasTime)
    {
        var run = PlanSimulation.Run(World with { HasTime = hasTime }, Attack(name), seed: 1);
        Assert.True(IsKept(run), run.ToString());
        Assert.Equal((0, 0), (run.Dead, run.BarredHonest));
        // Nobody who lies all the time keeps its name, and audits reach nearly all that it was believed about.
        if (name is "always" or "always-together") Assert.True(run.BarredHostile > 50, run.ToString());
        if (name is "sleepers" or "sleepers-together") Assert.True(run.WrongAtEnd <= 3, run.ToString());
    }

    [Fact]
    public void Copies_AreThoseOfTheFormula_WhileNobodyLies()
    {
        var run = PlanSimulation.Run(World, Attack("none"), seed: 1);
        Assert.Equal((0, 0, 0), (run.WrongTold, run.Disputes, run.BarredHonest));
        Assert.InRange(run.CopiesEach / PlanFormula.Copies(World), 0.95, 1.05);
    }

    [Fact]
    public void EveryResultChecked_TellsWhatTheFormulaSays()
    {
        var policy = Policy with { Mode = VerifyMode.All, Copies = 3, CopiesMax = 40 };
        var world = World with { Workers = 50, TasksEach = 160, Policy = policy };
        var run = PlanSimulation.Run(world, Attack("always-together"), seed: 1);
        var expected = PlanFormula.WrongMax(world) * world.Tasks;
        // A fifth of 50 is less than a fifth once one of them has answered.
        Assert.InRange(run.WrongTold, expected / 4, expected + (4 * Math.Sqrt(expected)));
    }

    [Fact]
    public void TrustedWorker_SavesCopies_UnderFire()
    {
        var alone = PlanSimulation.Run(World, Attack("always-together"), seed: 1);
        var helped = PlanSimulation.Run(World with { HasTrusted = true }, Attack("always-together"), seed: 1);
        Assert.True(helped.Copies < alone.Copies && IsKept(helped), helped.ToString());
    }

    // verification_sim.py, which knows nothing of this program: 50 workers, 1,000 tasks each. It has no time.
    [Theory]
    [InlineData("none", 1.12)]
    [InlineData("always", 1.71)]
    [InlineData("tenth-together", 1.53)]
    [InlineData("sleepers-together", 1.37)]
    public void WithoutTime_CopiesAreThoseOfTheSecondSimulation(string attack, double copies)
    {
        var world = World with { Workers = 50, TasksEach = 1_000, HasTime = false };
        Assert.InRange(PlanSimulation.Run(world, Attack(attack), seed: 1).CopiesEach, 0.96 * copies, 1.04 * copies);
    }

    // Whoever is caught again and again waits meanwhile, and gives less than its share of first answers.
    [Fact]
    public void Liars_WhoWaitForTheirChecks_CostLess()
    {
        var together = Attack("always-together");
        var timed = PlanSimulation.Run(World, together, seed: 1);
        Assert.True(timed.Copies < PlanSimulation.Run(World with { HasTime = false }, together, seed: 1).Copies);
    }

    [Fact]
    public void SameSeed_IsTheSameRun() =>
        Assert.Equal(
            PlanSimulation.Run(World, Attack("backers"), seed: 7),
            PlanSimulation.Run(World, Attack("backers"), seed: 7));

    // The controls: a rule that is broken must be seen to be.

    [Fact]
    public void ACoinThatNeverChecks_IsFound() =>
        Assert.False(IsKept(PlanSimulation.Run(World, Attack("sleepers"), 1, static _ => 0.999_999)));

    [Fact]
    public void MoreHostileWorkersThanAssumed_AreFound() =>
        Assert.False(IsKept(PlanSimulation.Run(
            World with { Policy = Policy with { AssumeHostile = Limits.VerifyHostileMin }, HasTime = false },
            Attack("sleepers"), 1)));

    [Fact]
    public void WithoutAudits_LiesThatWereToldStay()
    {
        var run = PlanSimulation.Run(World, Attack("sleepers-together"), 1, audits: false);
        Assert.True(run.WrongAtEnd > 10, run.ToString());
    }

    // No more than a Poisson variable of the promised mean shows once in a thousand runs: mean + 3.1 σ.
    private static bool IsKept(PlanOutcome run)
    {
        var promised = VerificationPolicy.Default.MaxWrong * run.Tasks;
        return run.WrongTold <= promised + (3.1 * Math.Sqrt(promised));
    }

    private static PlanAttack Attack(string name) => PlanAttack.All.Single(attack => attack.Name == name);
}
