using System.Text;
using System.Text.Json;
using Weft.Bench.Load;
using Weft.Bench.Report;
using Weft.Bench.Servers;

namespace Weft.Bench.Scenarios;

/// <summary>
/// What it costs to ask for verified results: the batches, plain and with <c>verify</c>, whose workers are known so
/// well that one answer in a hundred is checked.
/// </summary>
internal static class VerifiedScenario
{
    public static readonly Scenario Definition =
        new("verified", "batches, plain and with results that are verified", RunAsync);

    private const int Mains = 8;
    private const int Workers = 4;

    // All workers are on this machine, and all have soon proved themselves.
    private const string Policy = """{"maxWrong":0.1,"apart":"worker"}""";

    private static readonly Cell Plain = new("weft", "plain");
    private static readonly Cell Verified = new("weft", "verified");

    private static async Task<IReadOnlyList<Samples>> RunAsync(BenchRun run, CancellationToken stop)
    {
        var samples = new Samples(
            $"Verified: batches of {BatchMain.BatchSize}, of workers of whom 1 % of the answers are checked; durable");
        samples.AddMissing([run.Servers.Weft]);
        if (run.Servers.Weft.Missing is not null) return [samples];
        for (var round = 1; round <= run.Options.Rounds; round++)
        {
            run.Say($"verified: round {round} of {run.Options.Rounds}");
            foreach (var cell in (Cell[])[Plain, Verified])
            {
                await using var running =
                    await RunningServer.StartAsync(run.Servers.Weft, run.Workspace.NewStore(), stop);
                var keys = cell == Verified ? await AskAsync(running, stop) : null;
                await BatchMeasurement.TakeAsync(run, new(running),
                    new BatchLoad([running.Address], Mains, Workers, keys), samples, cell, stop);
            }
        }

        foreach (var metric in (Metric[])[Metric.TasksPerSecond, Metric.ServerCpuPerTask])
            samples.AddRatio(new("verified / plain", ""), samples, Verified, Plain, metric);
        return [samples];
    }

    /// <summary>Has all results of the queue verified, and names the workers.</summary>
    private static async Task<string[]> AskAsync(RunningServer server, CancellationToken stop)
    {
        using var http = new HttpClient { BaseAddress = new($"http://{server.Address}/api/v1/") };
        using var policy = new StringContent(Policy, Encoding.UTF8, "application/json");
        using var set = await http.PutAsync(new Uri("queues/default/verify", UriKind.Relative), policy, stop);
        set.EnsureSuccessStatusCode();
        var keys = new string[Workers];
        for (var i = 0; i < keys.Length; i++)
        {
            using var made = await http.PostAsync(new Uri("workers", UriKind.Relative), null, stop);
            made.EnsureSuccessStatusCode();
            keys[i] = JsonElement.Parse(await made.Content.ReadAsByteArrayAsync(stop)).GetProperty("workerKey")
                .GetString()!;
        }

        return keys;
    }
}
