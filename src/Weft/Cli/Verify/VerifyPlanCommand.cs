using System.CommandLine;
using Weft.CommandLine;
using Weft.CommandLine.Help;
using Weft.Core;
using Weft.Core.Verification;
using Weft.Core.Verification.Planning;

namespace Weft.Cli.Verify;

/// <summary>
/// <c>weft verify plan</c>: predicts how many copies of each task are computed, and how many wrong results remain. It
/// runs <see cref="VerificationRules"/>, and needs no coordinator.
/// </summary>
internal static class VerifyPlanCommand
{
    private const int WorkersMax = 1_000;
    private const int TasksEachMax = 100_000;
    private const int TasksMax = 1_000_000;
    private const string Every = "all";

    private static readonly Option<int> Workers =
        NumberOption.WithDefault("--workers", "Number of workers", 50, 2, WorkersMax);

    private static readonly Option<int> TasksEach =
        NumberOption.WithDefault("--tasks", "Number of tasks for each worker", 1_000, 1, TasksEachMax);

    private static readonly Option<double> Hostile =
        NumberOption.WithDefault("--hostile", "Share of dishonest workers", Limits.VerifyHostileDefault, 0, 0.9,
            "share");

    private static readonly Option<double?> Assumed =
        NumberOption.Optional("--assume-hostile", "That share as the coordinator assumes it [default: --hostile]",
            Limits.VerifyHostileMin, Limits.VerifyHostileMax, "share");

    // Decimal, so that the smallest value is printed without an exponent.
    private static readonly Option<decimal> MaxWrong =
        NumberOption.WithDefault("--max-wrong", "Share of results that may be wrong under the adaptive rule",
            (decimal)Limits.VerifyMaxWrongDefault, (decimal)Limits.VerifyMaxWrongMin,
            (decimal)Limits.VerifyMaxWrongMax, "share");

    private static readonly Option<int?> Copies =
        NumberOption.Optional("--copies", "Verify every result: it must lead every other by this many",
            Limits.VerifyCopiesMin, Limits.VerifyCopiesMax);

    private static readonly Option<bool> Trusted = new("--trusted")
    {
        Description = "Add a trusted worker that makes a twentieth of the checks",
    };

    private static readonly Option<string> Attack = Attacks();

    private static readonly Option<int> Seed =
        NumberOption.WithDefault("--seed", "Seed of the simulation", 1, 0, int.MaxValue);

    private static readonly Option<bool> Json = new("--json") { Description = "Print JSON, one object per line" };

    public static Command Create()
    {
        var command = new Command("plan",
            "Predict, by formula and by simulation, how many copies of each task are computed and how many " +
            "wrong results remain.")
        {
            Workers, TasksEach, Hostile, Assumed, MaxWrong, Copies, Trusted, Attack, Seed, Json,
        };
        command.SetAction(Run);
        return command.WithExamples("weft verify plan --workers 50 --tasks 1000 --hostile 0.2 --max-wrong 0.001",
            "weft verify plan --copies 3 --hostile 0.2", "weft verify plan --attack sleepers-together --json");
    }

    private static int Run(ParseResult flags)
    {
        var settings = Settings(flags);
        if ((long)settings.Workers * settings.TasksEach > TasksMax)
        {
            throw new UsageFailure($"--workers times --tasks must be at most {TasksMax}.");
        }

        var attacks = PlanAttack.All.Where(attack => flags.GetValue(Attack) is var name
            && (name == Every || name == attack.Name));
        VerifyPlanOutput.Print(settings, attacks, flags.GetValue(Seed), flags.GetValue(Json));
        return ExitCode.Ok;
    }

    private static PlanSettings Settings(ParseResult flags)
    {
        var copies = flags.GetValue(Copies);
        var hostile = flags.GetValue(Hostile);
        return new(flags.GetValue(Workers), flags.GetValue(TasksEach), hostile, new()
        {
            AssumeHostile = flags.GetValue(Assumed)
                ?? Math.Clamp(hostile, Limits.VerifyHostileMin, Limits.VerifyHostileMax),
            MaxWrong = (double)flags.GetValue(MaxWrong),
            Mode = copies is null ? VerifyMode.Adaptive : VerifyMode.All,
            Copies = copies ?? Limits.VerifyCopiesMin,
        }, flags.GetValue(Trusted));
    }

    private static Option<string> Attacks()
    {
        var option = new Option<string>("--attack")
        {
            Description = "Behavior of the dishonest workers, by its name in the first column; or all of them",
            HelpName = "name",
            DefaultValueFactory = static _ => Every,
        };
        option.AcceptOnlyFromAmong([Every, .. PlanAttack.All.Select(static attack => attack.Name)]);
        return option;
    }
}
