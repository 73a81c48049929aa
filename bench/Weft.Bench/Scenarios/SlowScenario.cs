using Weft.Bench.Load;
using Weft.Bench.Report;
using Weft.Bench.Servers;

namespace Weft.Bench.Scenarios;

/// <summary>What an honest client notices of clients that are slow on purpose.</summary>
internal static class SlowScenario
{
    public static readonly Scenario Definition =
        new("slow", "an honest client's requests, alone and beside 1,000 clients that never finish theirs", RunAsync);

    private const int Clients = 1_000;
    private static readonly Cell Alone = new("weft", "alone");
    private static readonly Cell Beside = new("weft", $"beside {Clients:N0}");
    private static readonly Cell Ratio = new("beside / alone", "");

    private static async Task<IReadOnlyList<Samples>> RunAsync(BenchRun run, CancellationToken stop)
    {
        var samples =
            new Samples($"Slow clients: one honest client's cycles, alone and beside {Clients:N0} that send a byte " +
                $"a second, half of them headers and half a body");
        samples.AddMissing([run.Servers.Weft]);
        if (run.Servers.Weft.Missing is not null) return [samples];
        for (var round = 1; round <= run.Options.Rounds; round++)
        {
            run.Say($"slow: round {round} of {run.Options.Rounds}");
            await using var running = await RunningServer.StartAsync(run.Servers.Weft, run.Workspace.NewStore(), stop);
            var load = new CycleLoad(running.Address);
            await load.RunCyclesAsync(1, BenchRun.WarmUp, stop);
            await MeasureAsync(run, samples, load, Alone, stop);
            await using var slow = await SlowClients.OpenAsync(running.Address, Clients, stop);
            await MeasureAsync(run, samples, load, Beside, stop);
            if (slow.Lost > 0)
                samples.Remarks.Add($"Round {round}: the server gave up on {slow.Lost} slow clients while it was " +
                    $"measured.");
        }

        foreach (var metric in (Metric[])[Metric.CyclesPerSecond, Metric.RequestP50, Metric.RequestP99])
            samples.AddRatio(Ratio, samples, Beside, Alone, metric);
        return [samples];
    }

    private static async Task MeasureAsync(BenchRun run, Samples samples, CycleLoad load, Cell cell,
        CancellationToken stop)
    {
        var tally = (await load.RunCyclesAsync(1, run.MeasuredTime, stop)).Tally;
        run.AddBad(cell.Server, tally.Bad, tally.FirstBad);
        samples.Add(cell, Metric.CyclesPerSecond, tally.Cycles / run.MeasuredTime.TotalSeconds);
        samples.Add(cell, Metric.RequestP50, tally.Latency.Percentile(0.50));
        samples.Add(cell, Metric.RequestP99, tally.Latency.Percentile(0.99));
        samples.Add(cell, Metric.Bad, tally.Bad);
    }
}
