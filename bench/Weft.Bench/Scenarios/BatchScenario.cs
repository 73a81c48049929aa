using Weft.Bench.Load;
using Weft.Bench.Report;
using Weft.Bench.Servers;

namespace Weft.Bench.Scenarios;

/// <summary>Tasks through their whole life a hundred at a time: submit, settle and claim in one round trip, read the results of a group.</summary>
internal static class BatchScenario
{
    public static readonly Scenario Definition = new("batch", "tasks in batches of 100 through /api/v1, each with its result read", RunAsync);

    private static async Task<IReadOnlyList<Samples>> RunAsync(BenchRun run, CancellationToken stop)
    {
        var samples = new Samples($"Batches of {BatchMain.BatchSize}: submitted, claimed, completed and read; durable");
        samples.AddMissing([run.Servers.Weft]);
        if (run.Servers.Weft.Missing is not null) return [samples];
        var cell = new Cell(run.Servers.Weft.Name, "");
        for (var round = 1; round <= run.Options.Rounds; round++)
        {
            run.Say($"batch: round {round} of {run.Options.Rounds}");
            await using var running = await RunningServer.StartAsync(run.Servers.Weft, run.Workspace.NewStore(), stop);
            await MeasureAsync(run, running, samples, cell, stop);
        }
        return [samples];
    }

    private static async Task MeasureAsync(BenchRun run, RunningServer server, Samples samples, Cell cell, CancellationToken stop)
    {
        var load = new BatchLoad(server.Address);
        var warmUp = (await load.RunAsync(BenchRun.WarmUp, stop)).Tally;
        var cpu = server.Cpu;
        var result = await load.RunAsync(run.MeasuredTime, stop);
        cpu = server.Cpu - cpu;

        var tally = result.Tally;
        run.AddBad(cell.Server, warmUp.Bad + tally.Bad, warmUp.FirstBad ?? tally.FirstBad);
        samples.Add(cell, Metric.TasksPerSecond, tally.Cycles / result.Elapsed.TotalSeconds);
        samples.Add(cell, Metric.RequestP50, tally.Latency.Percentile(0.50));
        if (tally.Cycles > 0)
        {
            samples.Add(cell, Metric.ServerCpuPerTask, cpu.TotalMicroseconds / tally.Cycles);
            samples.Add(cell, Metric.GeneratorCpuPerTask, result.GeneratorCpu.TotalMicroseconds / tally.Cycles);
        }
        samples.Add(cell, Metric.ResidentPeak, server.ResidentPeak / 1e6);
        samples.Add(cell, Metric.Bad, warmUp.Bad + tally.Bad);
    }
}
