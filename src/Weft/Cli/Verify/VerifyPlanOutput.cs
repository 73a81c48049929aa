using System.Globalization;
using System.Text.Json.Serialization;
using Weft.Cli.Remote;
using Weft.Core.Verification;
using Weft.Core.Verification.Planning;

namespace Weft.Cli.Verify;

/// <summary>The output of a plan: the computed values once, then a line for each simulated attack.</summary>
internal static class VerifyPlanOutput
{
    public static void Print(
        PlanSettings settings, IEnumerable<PlanAttack> attacks, int seed, bool asJson)
    {
        var copies = PlanFormula.Copies(settings);
        var wrongMax = PlanFormula.WrongMax(settings);
        if (!asJson) PrintComputed(settings, copies, wrongMax);
        var table = new TextTable("ATTACK", "COPIES", "WRONG-TOLD", "WRONG-AT-END", "DEAD", "BARRED", "HONEST-BARRED",
            "HOSTILE-WORKERS");
        foreach (var attack in attacks)
        {
            var run = PlanSimulation.Run(settings, attack, seed);
            if (!asJson) table.Add(Row(attack, run));
            else Print(VerifyPlanLine.Of(attack, run, copies, wrongMax));
        }

        if (!asJson) table.Print("attacks");
    }

    private static void Print(VerifyPlanLine line) => JsonOutput.Print(line, PlanJson.Default.VerifyPlanLine);

    private static void PrintComputed(PlanSettings settings, double copies, double wrongMax)
    {
        var policy = settings.Policy;
        var promise = policy.Mode == VerifyMode.All
            ? $"each result needs {policy.Copies} answers more than any other"
            : $"at most {Percent(policy.MaxWrong)} of results wrong while {Percent(policy.AssumeHostile)} of workers " +
                "lie";
        Console.Out.WriteLine(
            $"{settings.Workers} workers, {settings.TasksEach} tasks each, {Percent(settings.Hostile)} of workers " +
            $"hostile; {promise}.");
        Console.Out.WriteLine(
            $"Computed: {Number(copies)} copies of each task if all workers are honest; at most {Percent(wrongMax)} " +
            "of results wrong under any attack.");
        var rule = policy.Mode == VerifyMode.All
            ? "with every result checked"
            : "by the adaptive rule";
        Console.Out.WriteLine($"Simulated {rule}, {settings.Tasks} tasks for each attack:");
        Console.Out.WriteLine();
    }

    private static object[] Row(PlanAttack attack, PlanOutcome run) =>
    [
        attack.Name, Number(run.CopiesEach), Share(run.WrongToldShare), Share(run.WrongAtEndShare), run.Dead,
        run.BarredHostile, run.BarredHonest, attack.Description,
    ];

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Share(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    private static string Percent(double share) =>
        (100 * share).ToString("0.####", CultureInfo.InvariantCulture) + " %";
}

/// <summary>One line of <c>weft verify plan --json</c>.</summary>
/// <param name="Attack">The hostile workers' behavior.</param>
/// <param name="Tasks">How many tasks were simulated.</param>
/// <param name="Copies">Computations of each task.</param>
/// <param name="WrongTold">The share of results that were wrong when first reported.</param>
/// <param name="WrongAtEnd">The share after all corrections.</param>
/// <param name="Dead">Tasks without a result.</param>
/// <param name="Disputes">Tasks whose answers differed.</param>
/// <param name="Corrections">Results that were corrected.</param>
/// <param name="BarredHostile">Names of dishonest workers that were barred.</param>
/// <param name="BarredHonest">Honest workers that were barred.</param>
/// <param name="ComputedCopies">Copies of each task if all workers are honest, by the formula.</param>
/// <param name="ComputedWrongMax">The upper bound of the share of wrong results, by the formula.</param>
internal sealed record VerifyPlanLine(
    string Attack, int Tasks, double Copies, double WrongTold, double WrongAtEnd, int Dead, int Disputes,
    int Corrections, int BarredHostile, int BarredHonest, double ComputedCopies, double ComputedWrongMax)
{
    public static VerifyPlanLine Of(PlanAttack attack, PlanOutcome run, double copies, double wrongMax) =>
        new(attack.Name, run.Tasks, run.CopiesEach, run.WrongToldShare, run.WrongAtEndShare, run.Dead, run.Disputes,
            run.Corrections, run.BarredHostile, run.BarredHonest, copies, wrongMax);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(VerifyPlanLine))]
internal sealed partial class PlanJson : JsonSerializerContext;
