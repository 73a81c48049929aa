using System.Diagnostics;
using Weft.Bench.Load;
using Weft.Bench.Report;

namespace Weft.Bench.Scenarios.Postgres;

/// <summary>
/// What millions of rows cost: full cycles, each with its claim, on an empty database and on one that holds many
/// waiting and five times as many finished tasks.
/// </summary>
internal static class PostgresGrowthScenario
{
    public static readonly Scenario Definition =
        new("growth", "cycles with many tasks waiting, and five times as many finished", RunAsync, Scenario.Postgres);

    private const int Connections = 32;
    private const int FinishedPerWaiting = 5;

    private static async Task<IReadOnlyList<Samples>> RunAsync(BenchRun run, CancellationToken stop)
    {
        var samples = new Samples($"Growth: one coordinator, {Connections} connections");
        if (PostgresBench.MissingIn(run) is { } missing)
        {
            samples.Remarks.Add($"not measured ({missing})");
            return [samples];
        }

        await using var bench = await PostgresBench.StartAsync(run, stop);
        var full = await FillAsync(run, bench, stop);
        for (var round = 1; round <= run.Options.Rounds; round++)
        {
            run.Say($"growth: round {round} of {run.Options.Rounds}");
            // An empty one each time; the full one changes by less than a hundredth.
            await MeasureAsync(run, bench, await bench.Server.NewDatabaseAsync(stop), samples, Empty, stop);
            await MeasureAsync(run, bench, full, samples, Full(run), stop);
        }
        samples.Remarks.Add("The rows were written by SQL, then VACUUM (ANALYZE), which autovacuum does for a " +
            "database that grew that far by itself");
        PostgresBench.AddRemarks(run, samples);
        return [samples, Ratios(run, samples)];
    }

    private static async Task MeasureAsync(BenchRun run, PostgresBench bench, string database, Samples samples,
        Cell cell, CancellationToken stop)
    {
        await using var coordinators = await bench.StartCoordinatorsAsync(1, database, stop);
        await CycleMeasurement.TakeAsync(run, bench.Of(coordinators), new CycleLoad(coordinators.Addresses), samples,
            cell, Connections, stop);
    }

    /// <summary>
    /// By SQL: through the API it would take longer than all measurements together. The rows are those that the engine
    /// would have left.
    /// </summary>
    private static async Task<string> FillAsync(BenchRun run, PostgresBench bench, CancellationToken stop)
    {
        var waiting = run.Options.Backlog;
        var finished = waiting * (long)FinishedPerWaiting;
        run.Say($"growth: writing {finished:N0} finished and {waiting:N0} waiting tasks");
        var started = Stopwatch.GetTimestamp();
        var database = await bench.Server.NewDatabaseAsync(stop);
        // A coordinator makes the tables, and its first task the lane.
        await using (var coordinators = await bench.StartCoordinatorsAsync(1, database, stop))
        {
            var first = await new CycleLoad(coordinators.Addresses).SubmitAsync(1, TimeSpan.FromSeconds(30), stop);
            run.AddBad("weft", first.Tally.Bad, first.Tally.FirstBad);
        }

        await bench.Server.ExecuteAsync(database, stop, PostgresSeed.Statements(finished, waiting));
        run.Say($"growth: written in {Stopwatch.GetElapsedTime(started).TotalSeconds:N0} s");
        return database;
    }

    private static Samples Ratios(BenchRun run, Samples samples)
    {
        var ratios = new Samples("Growth: ratios of the same round");
        foreach (var metric in new[] { Metric.CyclesPerSecond, Metric.RequestP50, Metric.RequestP99, Metric.ServerCpu,
            Metric.DatabaseCpu })
            ratios.AddRatio(new Cell("weft", "full / empty"), samples, Full(run), Empty, metric);
        return ratios;
    }

    private static readonly Cell Empty = new("weft", "empty");

    private static Cell Full(BenchRun run) =>
        new("weft", $"{run.Options.Backlog:N0} waiting, {run.Options.Backlog * (long)FinishedPerWaiting:N0} finished");
}
