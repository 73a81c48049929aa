using System.Diagnostics;
using System.Globalization;
using System.Text;
using Weft.Bench.Load;
using Weft.Bench.Report;
using Weft.Bench.Servers;

namespace Weft.Bench.Scenarios;

/// <summary>What it costs to be watched: a scrape of <c>/metrics</c> each second beside full cycles.</summary>
internal static class ScrapeScenario
{
    public static readonly Scenario Definition =
        new("scrape", "full task cycles, alone and beside a scrape of /metrics each second", RunAsync);

    private const int Queues = 100;
    private const int Connections = 32;
    private const double Megabyte = 1e6;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly Cell Alone = new("weft", "alone");
    private static readonly Cell Beside = new("weft", "scraped");
    private static readonly Cell Ratio = new("scraped / alone", "");

    private static async Task<IReadOnlyList<Samples>> RunAsync(BenchRun run, CancellationToken stop)
    {
        var samples =
            new Samples($"Metrics: cycles over {Connections} connections, alone and beside a scrape each second, " +
                $"with {Queues} queues");
        samples.AddMissing([run.Servers.Weft]);
        if (run.Servers.Weft.Missing is not null) return [samples];
        for (var round = 1; round <= run.Options.Rounds; round++)
        {
            run.Say($"scrape: round {round} of {run.Options.Rounds}");
            await using var running = await RunningServer.StartAsync(run.Servers.Weft, run.Workspace.NewStore(), stop);
            using var http = new HttpClient { BaseAddress = new($"http://{running.Address}") };
            await MakeQueuesAsync(http, stop);
            var load = new CycleLoad(running.Address);
            await CycleMeasurement.TakeAsync(run, new(running), load, samples, Alone, Connections, stop);
            // From the first one on histograms are recorded, too.
            await http.GetByteArrayAsync("/metrics", stop);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var scraping = ScrapeAsync(http, samples, end.Token);
            await CycleMeasurement.TakeAsync(run, new(running), load, samples, Beside, Connections, stop);
            await end.CancelAsync();
            await scraping;
            samples.Add(Beside, Metric.Resident, running.Resident / Megabyte);
        }

        foreach (var metric in (Metric[])[Metric.CyclesPerSecond, Metric.RequestP99, Metric.ServerCpu])
            samples.AddRatio(Ratio, samples, Beside, Alone, metric);
        return [samples];
    }

    /// <summary>Gives the store a hundred queues, with a task each.</summary>
    public static async Task MakeQueuesAsync(HttpClient http, CancellationToken stop)
    {
        var tasks = Enumerable.Range(0, Queues)
            .Select(static queue =>
                string.Create(CultureInfo.InvariantCulture, $$"""{"queue":"q{{queue}}","payload":1}"""));
        using var body =
            new StringContent($$"""{"tasks":[{{string.Join(',', tasks)}}]}""", Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri("/api/v1/tasks/batch", UriKind.Relative), body, stop);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task ScrapeAsync(HttpClient http, Samples samples, CancellationToken end)
    {
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(end))
            {
                var started = Stopwatch.GetTimestamp();
                var bytes = (await http.GetByteArrayAsync("/metrics", end)).Length;
                samples.Add(Beside, Metric.Scrape, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                samples.Add(Beside, Metric.ScrapeBytes, bytes / 1e3);
            }
        }
        catch (OperationCanceledException)
        {
            // The measurement is over.
        }
    }
}
