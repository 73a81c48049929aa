using Weft.Bench.Load;
using Weft.Bench.Report;

namespace Weft.Bench.Scenarios.Postgres;

/// <summary>
/// Tasks a hundred at a time through coordinators over one PostgreSQL, beside pg-boss one by one and a hundred at a
/// time.
/// </summary>
internal static class PostgresBatchScenario
{
    public static readonly Scenario Definition =
        new("batch", "tasks in batches of 100, beside pg-boss", RunAsync, Scenario.Postgres);

    private const int PgBossClients = 32;

    // As many connections as pg-boss has clients: half of them submit and read, half of them work.
    private const int Mains = PgBossClients / 2;
    private const int Workers = PgBossClients - Mains;
    private const int PgBossBatchClients = 4;
    private static readonly Cell PgBossSingle = new("pg-boss", $"one by one, {PgBossClients} clients");
    private static readonly Cell PgBossBatch = new("pg-boss", $"batches, {PgBossBatchClients} clients");

    private static async Task<IReadOnlyList<Samples>> RunAsync(BenchRun run, CancellationToken stop)
    {
        var samples =
            new Samples($"Batches of {BatchMain.BatchSize} (pg-boss: insert, fetch, complete; Weft reads the " +
                $"results, too)");
        if (PostgresBench.MissingIn(run) is { } missing)
        {
            samples.Remarks.Add($"not measured ({missing})");
            return [samples];
        }

        await using var bench = await PostgresBench.StartAsync(run, stop);
        for (var round = 1; round <= run.Options.Rounds; round++)
        {
            run.Say($"batch: round {round} of {run.Options.Rounds}");
            await bench.MeasurePgBossAsync(isBatch: false, PgBossClients, samples, PgBossSingle, Metric.TasksPerSecond,
                stop);
            await bench.MeasurePgBossAsync(isBatch: true, PgBossBatchClients, samples, PgBossBatch,
                Metric.TasksPerSecond, stop);
            foreach (var count in PostgresBench.CoordinatorCounts)
            {
                await using var coordinators = await bench.StartCoordinatorsAsync(count, stop);
                await BatchMeasurement.TakeAsync(run, bench.Of(coordinators),
                    new BatchLoad(coordinators.Addresses, Mains, Workers), samples,
                    PostgresBench.WeftCell(count, "batches"), stop);
            }
        }
        PostgresBench.AddRemarks(run, samples);
        return [samples, Ratios(samples)];
    }

    private static Samples Ratios(Samples samples)
    {
        var ratios = new Samples("Batches: ratios of the same round");
        foreach (var count in PostgresBench.CoordinatorCounts)
            foreach (var peer in new[] { PgBossSingle, PgBossBatch })
                ratios.AddRatio(new Cell($"weft x{count} / pg-boss", peer.Case), samples,
                    PostgresBench.WeftCell(count, "batches"), peer, Metric.TasksPerSecond);
        return ratios;
    }
}
