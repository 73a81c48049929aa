using System.CommandLine;
using Weft.Bench.Scenarios;

namespace Weft.Bench;

/// <summary>The command line: which options there are, and what they may be.</summary>
internal static class BenchCommand
{
    public static RootCommand Create(Func<BenchOptions, CancellationToken, Task<int>> runAsync)
    {
        var seconds = new Option<double>("--seconds")
            { Description = "How long each cell is measured in each round", DefaultValueFactory = _ => 3 };
        var rounds = new Option<int>("--rounds")
            { Description = "How often all servers take their turn", DefaultValueFactory = _ => 3 };
        var connections = new Option<string>("--connections")
            { Description = "Numbers of keep-alive connections, of the cycles", DefaultValueFactory = _ => "1 32 128" };
        var backlog = new Option<int>("--backlog")
            { Description = "How many tasks wait in the large store, of growth", DefaultValueFactory = _ => 1_000_000 };
        var store = new Option<string>("--store")
            { Description =
                "Where Weft keeps its tasks: sqlite, or postgres (which needs PostgreSQL's server programs)",
                DefaultValueFactory = _ => Scenario.Sqlite };
        var only = new Option<string?>("--only")
            { Description = "Run one scenario: " +
                string.Join(", ",
                    Scenario.All.Select(scenario =>
                        $"{scenario.Name}{(scenario.Store == Scenario.Sqlite ? "" : " over " + scenario.Store)} " +
                        $"({scenario.Question})")) };
        var json = new Option<string?>("--json") { Description = "Also write the figures to this file" };

        RequirePositive(seconds);
        RequirePositive(rounds);
        RequirePositive(backlog);
        store.AcceptOnlyFromAmong(Scenario.Sqlite, Scenario.Postgres);
        only.AcceptOnlyFromAmong([.. Scenario.All.Select(scenario => scenario.Name).Distinct()]);
        connections.Validators.Add(result =>
        {
            if (Parse(result.GetValueOrDefault<string>()) is null)
                result.AddError("--connections takes positive numbers, such as \"1 32 128\"");
        });

        var root =
            new RootCommand("Measures Weft beside the floor (the same endpoints in memory) and Express, on this " +
                "machine. Exit code 1 when any answer was wrong, 2 for a wrong option.")
            {
                seconds, rounds, connections, backlog, store, only, json,
            };
        root.Validators.Add(result =>
        {
            if (result.GetValue(only) is { } name
                && Scenario.Of(result.GetValue(store) ?? Scenario.Sqlite, name).Count == 0)
                    result.AddError($"{name} is not measured over {result.GetValue(store)}");
        });
        root.SetAction((parsed, stop) => runAsync(
            new BenchOptions(parsed.GetValue(seconds), parsed.GetValue(rounds), Parse(parsed.GetValue(connections))!,
                parsed.GetValue(backlog), parsed.GetValue(store)!, parsed.GetValue(only), parsed.GetValue(json)),
            stop));
        return root;
    }

    private static void RequirePositive<T>(Option<T> option) where T : System.Numerics.INumber<T> =>
        option.Validators.Add(result =>
        {
            if (!T.IsPositive(result.GetValueOrDefault<T>()!) || T.IsZero(result.GetValueOrDefault<T>()!))
                result.AddError($"{option.Name} must be more than 0");
        });

    private static List<int>? Parse(string? connections)
    {
        List<int> numbers = [];
        foreach (var word in (connections ?? "").Split([' ', ','], StringSplitOptions.RemoveEmptyEntries))
        {
            if (!int.TryParse(word, out var number) || number < 1) return null;
            numbers.Add(number);
        }
        return numbers.Count > 0 ? numbers : null;
    }
}
