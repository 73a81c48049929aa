using Weft.Bench.Load;
using Weft.Bench.Report;
using Weft.Bench.Servers;

namespace Weft.Bench.Scenarios;

/// <summary>Measures one cell of full cycles for one round.</summary>
internal static class CycleMeasurement
{
    private const double Megabyte = 1e6;

    public static async Task TakeAsync(BenchRun run, Measured measured, CycleLoad load, Samples samples, Cell cell,
        int connections, CancellationToken stop)
    {
        var warmUp = await load.RunCyclesAsync(connections, BenchRun.WarmUp, stop);
        var (cpu, databaseCpu) = (measured.Cpu, measured.DatabaseCpu);
        var result = await load.RunCyclesAsync(connections, run.MeasuredTime, stop);
        (cpu, databaseCpu) = (measured.Cpu - cpu, measured.DatabaseCpu - databaseCpu);

        var tally = result.Tally;
        run.AddBad(cell.Server, warmUp.Tally.Bad + tally.Bad, warmUp.Tally.FirstBad ?? tally.FirstBad);
        samples.Add(cell, Metric.CyclesPerSecond, tally.Cycles / result.Elapsed.TotalSeconds);
        samples.Add(cell, Metric.RequestP50, tally.Latency.Percentile(0.50));
        samples.Add(cell, Metric.RequestP99, tally.Latency.Percentile(0.99));
        if (tally.Cycles > 0)
        {
            samples.Add(cell, Metric.ServerCpu, cpu.TotalMicroseconds / tally.Cycles);
            if (databaseCpu is { } spent) samples.Add(cell, Metric.DatabaseCpu, spent.TotalMicroseconds / tally.Cycles);
            samples.Add(cell, Metric.GeneratorCpu, result.GeneratorCpu.TotalMicroseconds / tally.Cycles);
        }
        samples.Add(cell, Metric.ResidentPeak, measured.ResidentPeak / Megabyte);
        samples.Add(cell, Metric.Bad, warmUp.Tally.Bad + tally.Bad);
    }
}
