using Weft.Bench.Http;
using Weft.Bench.Load;
using Weft.Bench.Report;
using Weft.Bench.Servers;

namespace Weft.Bench.Scenarios;

/// <summary>
/// What a large backlog costs: two stores of Weft, one with few and one with many tasks waiting, measured in turn.
/// </summary>
internal static class GrowthScenario
{
    public static readonly Scenario Definition =
        new("growth", "the same with few and with many tasks waiting", RunAsync);

    private const int FewWaiting = 1_000;
    private const int Connections = 32;
    private const int StatsRequests = 200;
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SubmitPatience = TimeSpan.FromMinutes(2);

    private static async Task<IReadOnlyList<Samples>> RunAsync(BenchRun run, CancellationToken stop)
    {
        var samples = new Samples($"Growth: Weft with {Connections} connections over a backlog");
        samples.AddMissing([run.Servers.Weft]);
        if (run.Servers.Weft.Missing is not null) return [samples];

        await using var few = await RunningServer.StartAsync(run.Servers.Weft, run.Workspace.NewStore(), stop);
        await using var many = await RunningServer.StartAsync(run.Servers.Weft, run.Workspace.NewStore(), stop);
        (RunningServer Server, CycleLoad Load, Cell Cell)[] stores =
            [(few, new CycleLoad(few.Address), CellOf(FewWaiting)),
                (many, new CycleLoad(many.Address), CellOf(run.Options.Backlog))];
        await FillAsync(run, stores[0].Load, FewWaiting, stop);
        await FillAsync(run, stores[1].Load, run.Options.Backlog, stop);

        for (var round = 1; round <= run.Options.Rounds; round++)
        {
            run.Say($"growth: round {round} of {run.Options.Rounds}");
            foreach (var (server, load, cell) in stores)
            {
                await CycleMeasurement.TakeAsync(run, new(server), load, samples, cell, Connections, stop);
                samples.Add(cell, Metric.Resident, server.Resident / 1e6);
                samples.Add(cell, Metric.StatsP50, await MeasureStatsAsync(run, server, stop));
            }
        }
        return [samples, Ratios(run, samples)];
    }

    /// <summary>Through the API, as anybody would; in steps, so that a slow one can be watched.</summary>
    private static async Task FillAsync(BenchRun run, CycleLoad load, int count, CancellationToken stop)
    {
        var step = Math.Max(1, count / 10);
        for (var submitted = 0; submitted < count;)
        {
            var part = await load.SubmitAsync(Math.Min(step, count - submitted), SubmitPatience, stop);
            run.AddBad(run.Servers.Weft.Name, part.Tally.Bad, part.Tally.FirstBad);
            submitted += Math.Min(step, count - submitted);
            if (count > FewWaiting)
                run.Say($"growth: {submitted:N0} of {count:N0} tasks submitted, " +
                    $"{Math.Min(step, count) / part.Elapsed.TotalSeconds:N0}/s");
        }
    }

    private static async Task<double> MeasureStatsAsync(BenchRun run, RunningServer server, CancellationToken stop)
    {
        var request = HttpRequest.Get("/stats");
        using var pool = await LoadPool.OpenAsync(server.Address, 1, stop);
        var result = await pool.RunAsync(AskAsync, AnswerPatience, stop);
        run.AddBad(run.Servers.Weft.Name, result.Tally.Bad, result.Tally.FirstBad);
        return result.Tally.Latency.Percentile(0.50);

        async Task AskAsync(HttpConnection connection, int index, LoadTally tally)
        {
            for (var i = 0; i < StatsRequests; i++)
                if (await tally.TimeAsync(connection, request) is { Status: not 200 } answer)
                    tally.AddBad("GET /stats", answer);
        }
    }

    private static Samples Ratios(BenchRun run, Samples samples)
    {
        var (few, many) = (CellOf(FewWaiting), CellOf(run.Options.Backlog));
        var ratios = new Samples("Growth: ratios of the same round");
        foreach (var metric in new[] { Metric.CyclesPerSecond, Metric.RequestP50, Metric.RequestP99, Metric.ServerCpu,
            Metric.StatsP50 })
            ratios.AddRatio(new Cell("weft", $"{run.Options.Backlog:N0} / {FewWaiting:N0}"), samples, many, few,
                metric);
        if (samples.Find(many, Metric.Resident) is { } large && samples.Find(few, Metric.Resident) is { } small)
            ratios.Remarks.Add($"Resident memory: {large.Median - small.Median:+0;-0;0} MB with the larger backlog");
        return ratios;
    }

    private static Cell CellOf(int waiting) => new("weft", $"{waiting:N0} waiting");
}
