using Weft.Bench.Load;
using Weft.Bench.Report;
using Weft.Bench.Servers;

namespace Weft.Bench.Scenarios;

/// <summary>How soon a task reaches a worker that waits, while many others wait too.</summary>
internal static class WakeupScenario
{
    public static readonly Scenario Definition =
        new("wakeup", "from a submit to a waiting worker's answer, with 1,000 long polls open", RunAsync);

    private const int Polls = 1_000;

    private static async Task<IReadOnlyList<Samples>> RunAsync(BenchRun run, CancellationToken stop)
    {
        var samples =
            new Samples($"Wake-up: from a submit to the answer of one of {Polls:N0} workers that wait; two commits " +
                $"to disk lie between");
        samples.AddMissing([run.Servers.Weft]);
        if (run.Servers.Weft.Missing is not null) return [samples];
        var cell = new Cell(run.Servers.Weft.Name, "");
        for (var round = 1; round <= run.Options.Rounds; round++)
        {
            run.Say($"wakeup: round {round} of {run.Options.Rounds}");
            await using var running = await RunningServer.StartAsync(run.Servers.Weft, run.Workspace.NewStore(), stop);
            var tally =
                (await new WakeupLoad(running.Address, [running.Address], Polls).RunAsync(BenchRun.WarmUp,
                    run.MeasuredTime, stop)).Tally;
            run.AddBad(cell.Server, tally.Bad, tally.FirstBad);
            samples.Add(cell, Metric.WakesPerSecond, tally.Cycles / run.MeasuredTime.TotalSeconds);
            samples.Add(cell, Metric.WakeP50, tally.Latency.Percentile(0.50));
            samples.Add(cell, Metric.WakeP99, tally.Latency.Percentile(0.99));
            samples.Add(cell, Metric.Bad, tally.Bad);
        }
        return [samples];
    }
}
