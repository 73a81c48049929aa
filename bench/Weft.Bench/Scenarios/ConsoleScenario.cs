using Weft.Bench.Load;
using Weft.Bench.Report;
using Weft.Bench.Servers;

namespace Weft.Bench.Scenarios;

/// <summary>What it costs to be looked at: twenty open consoles beside full cycles.</summary>
internal static class ConsoleScenario
{
    public static readonly Scenario Definition =
        new("console", "full task cycles, alone and beside 20 open consoles", RunAsync);

    private const int Count = 20;
    private const int Connections = 32;
    private static readonly Cell Alone = new("weft", "alone");
    private static readonly Cell Beside = new("weft", $"{Count} consoles");
    private static readonly Cell Ratio = new("watched / alone", "");

    private static async Task<IReadOnlyList<Samples>> RunAsync(BenchRun run, CancellationToken stop)
    {
        var samples =
            new Samples($"Console: cycles over {Connections} connections, alone and beside {Count} open consoles, " +
                $"with 100 queues");
        samples.AddMissing([run.Servers.Weft]);
        if (run.Servers.Weft.Missing is not null) return [samples];
        for (var round = 1; round <= run.Options.Rounds; round++)
        {
            run.Say($"console: round {round} of {run.Options.Rounds}");
            await using var running = await RunningServer.StartAsync(run.Servers.Weft, run.Workspace.NewStore(), stop);
            using var http = new HttpClient { BaseAddress = new($"http://{running.Address}") };
            await ScrapeScenario.MakeQueuesAsync(http, stop);
            var load = new CycleLoad(running.Address);
            // By turns: the second finds a fuller store.
            foreach (var isWatched in (bool[])[round % 2 == 0, round % 2 == 1])
            {
                var cell = isWatched ? Beside : Alone;
                using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
                var watching = Consoles.WatchAsync(http, isWatched ? Count : 0, samples, cell, end.Token);
                await CycleMeasurement.TakeAsync(run, new(running), load, samples, cell, Connections, stop);
                await end.CancelAsync();
                await watching;
            }
        }

        foreach (var metric in (Metric[])[Metric.CyclesPerSecond, Metric.RequestP99, Metric.ServerCpu])
            samples.AddRatio(Ratio, samples, Beside, Alone, metric);
        return [samples];
    }
}
