using Weft.Bench.Load;
using Weft.Bench.Report;
using Weft.Bench.Servers;

namespace Weft.Bench.Scenarios;

/// <summary>How many full task cycles a server manages: submit, claim, complete, read the result.</summary>
internal static class CycleScenario
{
    public static readonly Scenario Definition =
        new("cycles", "full task cycles, against the floor and Express", RunAsync);

    private static async Task<IReadOnlyList<Samples>> RunAsync(BenchRun run, CancellationToken stop)
    {
        var samples =
            new Samples(
                "Full cycles over the six endpoints (submit, next, result, get): median (min–max) of the rounds");
        List<Server> present = [.. run.Servers.All.Where(server => server.Missing is null)];
        for (var round = 1; round <= run.Options.Rounds; round++)
            foreach (var connections in run.Options.Connections)
            {
                run.Say($"cycles: round {round} of {run.Options.Rounds}, {connections} connections");
                // The servers take turns inside of a round, so that what is divided was measured back to back,
                // and another one begins each round, so that nobody always follows the same neighbour.
                foreach (var server in Rotate(present, round - 1))
                    await MeasureAsync(run, server, connections, samples, stop);
            }
        samples.AddMissing(run.Servers.All);
        return [samples, Ratios(run, samples)];
    }

    private static async Task MeasureAsync(BenchRun run, Server server, int connections, Samples samples,
        CancellationToken stop)
    {
        // A new server each time: one that keeps every task in memory must not carry one cell's tasks into the next.
        await using var running = await RunningServer.StartAsync(server, run.Workspace.NewStore(), stop);
        await CycleMeasurement.TakeAsync(run, new(running), new CycleLoad(running.Address), samples,
            CellOf(server, connections), connections, stop);
    }

    private static IEnumerable<Server> Rotate(List<Server> servers, int round) =>
        servers.Select((_, position) => servers[(position + round) % servers.Count]);

    private static Samples Ratios(BenchRun run, Samples samples)
    {
        var ratios = new Samples("Ratios of the same round (more cycles/s is better, less of the rest)");
        foreach (var peer in new[] { run.Servers.Floor, run.Servers.Express })
            foreach (var connections in run.Options.Connections)
                foreach (var metric in new[] { Metric.CyclesPerSecond, Metric.RequestP50, Metric.RequestP99,
                    Metric.ServerCpu })
                    ratios.AddRatio(new Cell($"weft / {peer.Name}", Case(connections)), samples,
                        CellOf(run.Servers.Weft, connections), CellOf(peer, connections), metric);
        return ratios;
    }

    private static Cell CellOf(Server server, int connections) => new(server.Name, Case(connections));

    private static string Case(int connections) => $"{connections} conn";
}
