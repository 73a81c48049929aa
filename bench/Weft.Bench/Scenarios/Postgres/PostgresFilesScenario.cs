using Weft.Bench.Report;

namespace Weft.Bench.Scenarios.Postgres;

/// <summary>The same files, through one coordinator over PostgreSQL.</summary>
internal static class PostgresFilesScenario
{
    public static readonly Scenario Definition =
        new("files", FilesScenario.Definition.Question, RunAsync, Scenario.Postgres);

    private static async Task<IReadOnlyList<Samples>> RunAsync(BenchRun run, CancellationToken stop)
    {
        var samples = FilesScenario.NewSamples();
        if (PostgresBench.MissingIn(run) is { } missing)
        {
            samples.Remarks.Add($"not measured ({missing})");
            return [samples];
        }

        await using var bench = await PostgresBench.StartAsync(run, stop);
        for (var round = 1; round <= run.Options.Rounds; round++)
        {
            run.Say($"files: round {round} of {run.Options.Rounds}");
            await using var coordinators = await bench.StartCoordinatorsAsync(1, stop);
            await FilesScenario.MeasureAsync(run, coordinators.Addresses[0], samples, stop);
        }

        PostgresBench.AddRemarks(run, samples);
        return [samples, FilesScenario.Ratios(samples)];
    }
}
