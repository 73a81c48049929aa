using System.CommandLine;

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
                binary, rounds, powerLoss, everyCall, firstCall, store, failovers, liars, noControls, seed,
                folder,
            };
        root.SetAction((parsed, _) => runAsync(new(
            Path.GetFullPath(parsed.GetValue(binary)!), parsed.GetValue(rounds), parsed.GetValue(powerLoss),
            parsed.GetValue(everyCall), Math.Max(1, parsed.GetValue(firstCall)),
            !parsed.GetValue(noControls), parsed.GetValue(seed), Path.GetFullPath(parsed.GetValue(folder)!),
            parsed.GetValue(store) == "postgres", parsed.GetValue(failovers), parsed.GetValue(liars))));
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
