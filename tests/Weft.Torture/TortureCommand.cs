using System.CommandLine;
using Weft.Torture.Liars;
using Weft.Torture.Liars.Table;

namespace Weft.Torture;

/// <summary>The command line: which options there are, and what they may be.</summary>
internal static class TortureCommand
{
    public static RootCommand Create(Func<TortureOptions, Task<int>> runAsync)
    {
        var binary = new Option<string>("--binary")
            { Description = "The weft to torture", DefaultValueFactory = _ => "dist/weft" };
        var rounds = Count("--rounds",
            "Crashes by kill -9, at random moments and at named points; with --store postgres, faults of every kind " +
            "in turn", 20);
        var powerLoss = Count("--power-loss", "Power cuts on an ext4 file system of its own; needs root", 2);
        var everyCall = Count("--every-call",
            "Fail each n-th write, sync and truncation of the reference scenario; 1 fails every one, 0 none", 10);
        var firstCall = Count("--first-call",
            "Where --every-call begins; a run for each number from 1 to n fails all calls together", 1);
        var store = new Option<string>("--store")
            {
                Description = "sqlite: one coordinator over a data folder; postgres: three over a primary and its " +
                    "synchronous standby",
                DefaultValueFactory = _ => "sqlite",
            };
        store.AcceptOnlyFromAmong("sqlite", "postgres");
        var failovers =
            Count("--failovers", "With --store postgres: kill the primary under load and promote its standby", 3);
        var liars = Count("--liars", "Crashes by kill -9 among workers of which some lie about verified tasks", 4);
        var retentions = Count("--retentions",
            "Crashes by kill -9 while finished tasks and their files are deleted after seconds", 1);
        var table = Count("--table", "Instead of all else: so many tasks for each of 50 workers of which some lie, " +
            "and how many results are told wrong, at how many copies", 0);
        var attacks = new Option<string>("--attacks")
            {
                Description = "With --table: how they lie, as 'weft verify plan' names it, with spaces between",
                DefaultValueFactory = _ => "none tenth always-together sleepers-together",
            };
        var maxWrong = new Option<double>("--max-wrong")
            { Description = "With --table: the share of wrong results that is promised",
                DefaultValueFactory = _ => 0.01 };
        var hostile = new Option<double>("--hostile")
            { Description = "With --table: the share of the workers that lies, and is assumed to",
                DefaultValueFactory = _ => 0.2 };
        var work = Count("--work", "With --table: milliseconds that a worker takes for a task", 500);
        attacks.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>().Split(' ').Except(LiarPlot.Attacks).Any())
                result.AddError($"--attacks takes some of: {string.Join(' ', LiarPlot.Attacks)}");
        });
        var noControls = new Option<bool>("--no-controls")
            { Description = "Leave out the negative controls, which show that the checker would notice" };
        var seed = new Option<int>("--seed")
            { Description = "Of all chance; another one for each run unless given",
                DefaultValueFactory = _ => Random.Shared.Next(1_000_000) };
        var folder = new Option<string>("--folder")
            { Description = "Where stores are made, and where the histories of violations are kept",
                DefaultValueFactory = _ => "artifacts/torture" };
        var root =
            new RootCommand("Lets a coordinator crash, lose its power and its disk under load, and checks from the " +
                "clients' histories that no promise was broken. Exit code 1 when one was, or when a control was not " +
                "caught.")
            {
                binary, rounds, powerLoss, everyCall, firstCall, store, failovers, liars, retentions, noControls,
                seed, folder, table, attacks, maxWrong, hostile, work,
            };
        root.SetAction((parsed, _) => runAsync(new(
            Path.GetFullPath(parsed.GetValue(binary)!), parsed.GetValue(rounds), parsed.GetValue(powerLoss),
            parsed.GetValue(everyCall), Math.Max(1, parsed.GetValue(firstCall)),
            !parsed.GetValue(noControls), parsed.GetValue(seed), Path.GetFullPath(parsed.GetValue(folder)!),
            parsed.GetValue(store) == "postgres", parsed.GetValue(failovers), parsed.GetValue(liars),
            parsed.GetValue(retentions),
            parsed.GetValue(table) is > 0 and var tasks
                ? new TableOptions(tasks, parsed.GetValue(attacks)!.Split(' '), parsed.GetValue(maxWrong),
                    parsed.GetValue(hostile), TimeSpan.FromMilliseconds(parsed.GetValue(work)))
                : null)));
        return root;
    }

    private static Option<int> Count(string name, string description, int fallback)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => fallback };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 0) result.AddError($"{name} must not be negative");
        });
        return option;
    }
}
