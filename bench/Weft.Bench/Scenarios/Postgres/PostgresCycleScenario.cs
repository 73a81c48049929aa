using Weft.Bench.Load;
using Weft.Bench.Report;

namespace Weft.Bench.Scenarios.Postgres;

/// <summary>
/// Full task cycles, one task to a request, by one and by three coordinators over one PostgreSQL, beside pg-boss on the
/// same server.
/// </summary>
internal static class PostgresCycleScenario
{
    public static readonly Scenario Definition =
        new("cycles", "full task cycles of one and of three coordinators, beside pg-boss", RunAsync, Scenario.Postgres);

    private static async Task<IReadOnlyList<Samples>> RunAsync(BenchRun run, CancellationToken stop)
    {
        var samples =
            new Samples("Full cycles, one task to a request (pg-boss: send, fetch, complete; Weft reads the result, " +
                "too)");
        if (PostgresBench.MissingIn(run) is { } missing)
        {
            samples.Remarks.Add($"not measured ({missing})");
            return [samples];
        }

        await using var bench = await PostgresBench.StartAsync(run, stop);
        for (var round = 1; round <= run.Options.Rounds; round++)
            foreach (var connections in run.Options.Connections)
            {
                run.Say($"cycles: round {round} of {run.Options.Rounds}, {connections} connections");
                await bench.MeasurePgBossAsync(isBatch: false, connections, samples, PgBossCell(connections),
                    Metric.CyclesPerSecond, stop);
                foreach (var count in PostgresBench.CoordinatorCounts)
                    await MeasureAsync(run, bench, count, connections, samples, stop);
            }
        PostgresBench.AddRemarks(run, samples);
        return [samples, Ratios(run, samples)];
    }

    private static async Task MeasureAsync(BenchRun run, PostgresBench bench, int count, int connections,
        Samples samples, CancellationToken stop)
    {
        await using var coordinators = await bench.StartCoordinatorsAsync(count, stop);
        await CycleMeasurement.TakeAsync(run, bench.Of(coordinators), new CycleLoad(coordinators.Addresses), samples,
            PostgresBench.WeftCell(count, Case(connections)), connections, stop);
    }

    private static Samples Ratios(BenchRun run, Samples samples)
    {
        var ratios = new Samples("Ratios of the same round, with as many clients of pg-boss as connections of Weft");
        foreach (var count in PostgresBench.CoordinatorCounts)
            foreach (var connections in run.Options.Connections)
                ratios.AddRatio(new Cell($"weft x{count} / pg-boss", Case(connections)), samples,
                    PostgresBench.WeftCell(count, Case(connections)), PgBossCell(connections), Metric.CyclesPerSecond);
        return ratios;
    }

    private static Cell PgBossCell(int clients) => new("pg-boss", Case(clients));

    private static string Case(int connections) => $"{connections} conn";
}
