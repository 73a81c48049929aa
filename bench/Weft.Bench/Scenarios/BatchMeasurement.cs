using Weft.Bench.Load;
using Weft.Bench.Report;
using Weft.Bench.Servers;

namespace Weft.Bench.Scenarios;

/// <summary>Measures one cell of tasks in batches for one round.</summary>
internal static class BatchMeasurement
{
    public static async Task TakeAsync(BenchRun run, Measured measured, BatchLoad load, Samples samples, Cell cell,
        CancellationToken stop)
    {
        var warmUp = (await load.RunAsync(BenchRun.WarmUp, stop)).Tally;
        var (cpu, databaseCpu) = (measured.Cpu, measured.DatabaseCpu);
        var result = await load.RunAsync(run.MeasuredTime, stop);
        (cpu, databaseCpu) = (measured.Cpu - cpu, measured.DatabaseCpu - databaseCpu);

        var tally = result.Tally;
        run.AddBad(cell.Server, warmUp.Bad + tally.Bad, warmUp.FirstBad ?? tally.FirstBad);
        samples.Add(cell, Metric.TasksPerSecond, tally.Cycles / result.Elapsed.TotalSeconds);
        samples.Add(cell, Metric.RequestP50, tally.Latency.Percentile(0.50));
        if (tally.Cycles > 0)
        {
            samples.Add(cell, Metric.ServerCpuPerTask, cpu.TotalMicroseconds / tally.Cycles);
            if (databaseCpu is { } spent)
                samples.Add(cell, Metric.DatabaseCpuPerTask, spent.TotalMicroseconds / tally.Cycles);
            samples.Add(cell, Metric.GeneratorCpuPerTask, result.GeneratorCpu.TotalMicroseconds / tally.Cycles);
        }
        samples.Add(cell, Metric.ResidentPeak, measured.ResidentPeak / 1e6);
        samples.Add(cell, Metric.Bad, warmUp.Bad + tally.Bad);
    }
}
