namespace Weft.Core.Verification.Planning;

/// <summary>
/// Workers, some of them hostile, whose answers are decided on by <see cref="VerificationRules"/> itself: see
/// <see cref="PlanClock"/> and <see cref="PlanAnswering"/>.
/// </summary>
public static class PlanSimulation
{
    /// <summary>Runs one.</summary>
    /// <param name="settings">The workers, and what is asked of results.</param>
    /// <param name="attack">What the hostile ones do.</param>
    /// <param name="seed">The same seed, the same run.</param>
    /// <param name="toss">Draws a coin; for tests of a rule that is broken on purpose.</param>
    /// <param name="audits">False: what was told is never looked at again; for the same tests.</param>
    public static PlanOutcome Run(
        PlanSettings settings, PlanAttack attack, int seed, Func<Random, double>? toss = null,
        bool audits = true)
    {
        var liesMax = attack.LiesMax
            ?? Math.Max(1, (int)Math.Round(settings.TasksEach / 2 / VerificationRules.FreeAnswers(settings.Policy)));
        var world = new PlanWorld(settings, attack, liesMax, seed);
        var answering = new PlanAnswering(settings, world, toss ?? (static random => random.NextDouble()), audits);
        if (settings.HasTime)
        {
            var isPaced = settings.Policy.Mode == VerifyMode.Adaptive;
            new PlanClock(world, answering, settings.Tasks, isPaced).Run();
        }
        else
        {
            for (var task = 0; task < settings.Tasks; task++)
            {
                answering.Answer(new(task), world.Pick([]));
                answering.Audit();
            }
        }

        return new(
            settings.Tasks, answering.WrongTold, answering.WrongAtEnd, answering.Dead, world.Copies, answering.Disputes,
            answering.Corrections, world.BarredHostile, world.BarredHonest);
    }
}
