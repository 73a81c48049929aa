using Weft.Bench.Load;
using Weft.Bench.Report;
using Weft.Bench.Servers;

namespace Weft.Bench.Scenarios;

/// <summary>How soon a server answers after its start, and what it holds in memory while nothing happens.</summary>
internal static class StartScenario
{
    public static readonly Scenario Definition =
        new("start", "time to the first answer, and memory while idle", RunAsync);

    private const int ExistingTasks = 1_000;

    // Longer than the ten seconds after which Weft returns what its start left in memory.
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan SubmitPatience = TimeSpan.FromMinutes(1);

    private static async Task<IReadOnlyList<Samples>> RunAsync(BenchRun run, CancellationToken stop)
    {
        var samples =
            new Samples($"Start: until the first 200 from /health (Weft on a store of {ExistingTasks:N0} tasks), " +
                $"and memory {IdleTime.TotalSeconds} s later");
        samples.AddMissing(run.Servers.All);
        List<(Server Server,
            string Store)> present = [.. run.Servers.All.Where(server => server.Missing is null)
                .Select(server => (server, run.Workspace.NewStore()))];
        foreach (var (server, store) in present) await PrepareAsync(run, server, store, stop);

        for (var round = 1; round <= run.Options.Rounds; round++)
        {
            run.Say($"start: round {round} of {run.Options.Rounds}");
            foreach (var (server, store) in present)
            {
                await using var running = await RunningServer.StartAsync(server, store, stop);
                await Task.Delay(IdleTime, TimeProvider.System, stop);
                samples.Add(new Cell(server.Name, ""), Metric.Start, running.StartTime.TotalMilliseconds);
                samples.Add(new Cell(server.Name, ""), Metric.Resident, running.Resident / 1e6);
                await running.StopAsync(stop);
            }
        }
        return [samples];
    }

    /// <summary>
    /// The first start makes the store and warms the disk cache; neither belongs to what is measured.
    /// </summary>
    private static async Task PrepareAsync(BenchRun run, Server server, string store, CancellationToken stop)
    {
        await using var running = await RunningServer.StartAsync(server, store, stop);
        var result = await new CycleLoad(running.Address).SubmitAsync(ExistingTasks, SubmitPatience, stop);
        run.AddBad(server.Name, result.Tally.Bad, result.Tally.FirstBad);
        await running.StopAsync(stop);
    }
}
