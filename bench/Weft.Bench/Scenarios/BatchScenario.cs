using Weft.Bench.Load;
using Weft.Bench.Report;
using Weft.Bench.Servers;

namespace Weft.Bench.Scenarios;

/// <summary>
/// Tasks through their whole life a hundred at a time: submit, settle and claim in one round trip, read the results of
/// a group.
/// </summary>
internal static class BatchScenario
{
    public static readonly Scenario Definition =
        new("batch", "tasks in batches of 100 through /api/v1, each with its result read", RunAsync);

    private const int Mains = 8;
    private const int Workers = 4;

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
            await BatchMeasurement.TakeAsync(run, new(running), new BatchLoad([running.Address], Mains, Workers),
                samples, cell, stop);
        }
        return [samples];
    }
}
