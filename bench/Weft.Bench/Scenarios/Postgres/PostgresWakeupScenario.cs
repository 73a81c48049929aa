using Weft.Bench.Load;
using Weft.Bench.Report;

namespace Weft.Bench.Scenarios.Postgres;

/// <summary>How soon a task that is submitted at one coordinator reaches a worker that waits at another.</summary>
internal static class PostgresWakeupScenario
{
    public static readonly Scenario Definition = new("wakeup",
        "from a submit at one coordinator to the answer of a worker that waits at another", RunAsync,
        Scenario.Postgres);

    private const int Coordinators = 3;
    private const int Polls = 60;

    private static async Task<IReadOnlyList<Samples>> RunAsync(BenchRun run, CancellationToken stop)
    {
        var samples =
            new Samples(
                $"Wake-up across processes: from a submit at one coordinator to the answer of one of {Polls} " +
                $"workers that wait at two others");
        if (PostgresBench.MissingIn(run) is { } missing)
        {
            samples.Remarks.Add($"not measured ({missing})");
            return [samples];
        }

        var cell = PostgresBench.WeftCell(Coordinators, "");
        await using var bench = await PostgresBench.StartAsync(run, stop);
        for (var round = 1; round <= run.Options.Rounds; round++)
        {
            run.Say($"wakeup: round {round} of {run.Options.Rounds}");
            await using var coordinators = await bench.StartCoordinatorsAsync(Coordinators, stop);
            var tally =
                (await new WakeupLoad(coordinators.Addresses[0], [.. coordinators.Addresses.Skip(1)], Polls)
                    .RunAsync(BenchRun.WarmUp, run.MeasuredTime, stop)).Tally;
            run.AddBad(cell.Server, tally.Bad, tally.FirstBad);
            samples.Add(cell, Metric.WakesPerSecond, tally.Cycles / run.MeasuredTime.TotalSeconds);
            samples.Add(cell, Metric.WakeP50, tally.Latency.Percentile(0.50));
            samples.Add(cell, Metric.WakeP99, tally.Latency.Percentile(0.99));
            samples.Add(cell, Metric.Bad, tally.Bad);
        }
        PostgresBench.AddRemarks(run, samples);
        return [samples];
    }
}
