using System.Diagnostics;
using Weft.Bench.Browser;
using Weft.Bench.Report;
using Weft.Bench.Servers;

namespace Weft.Bench.Scenarios;

/// <summary>
/// What a real browser does: the sample, one task after another and a C# worker tab that waits; and the
/// worker page, with two compute workers and a WASI module. All of it, coordinator included, on this machine's cores.
/// </summary>
internal static class BrowserScenario
{
    public static readonly Scenario Definition = new("browser",
        "10×10 products in a real browser: time per task of the sample, tasks/s on the worker page", RunAsync);

    private const int Seed = 10;
    private const int SampleTasks = 300;
    private const int SampleWarmUp = 30;
    private const int BatchTasks = 1_000;
    private const int PageBatches = 10;
    private const int Cores = 2;
    private static readonly Cell Sample = new("weft", "sample, worker tab with wait");
    private static readonly Cell Page = new("weft", $"worker page, {Cores} compute workers");

    private static async Task<IReadOnlyList<Samples>> RunAsync(BenchRun run, CancellationToken stop)
    {
        var samples =
            new Samples($"Browser: 10×10 products. The sample has one task after another, {SampleTasks} of them; " +
                $"the page has {PageBatches * BatchTasks:N0} waiting");
        samples.AddMissing([run.Servers.Weft]);
        if (BrowserProcess.Program is null) samples.Remarks.Add("browser: not measured (chromium is not installed)");
        if (run.Servers.Weft.Missing is not null || BrowserProcess.Program is null) return [samples];

        var (module, missing) = await MatrixModule.CompileAsync(run.Root, run.Workspace.NewStore(), stop);
        if (module is null) samples.Remarks.Add($"worker page: not measured ({missing})");
        for (var round = 1; round <= run.Options.Rounds; round++)
        {
            run.Say($"browser: round {round} of {run.Options.Rounds}");
            await MeasureSampleAsync(run, samples, stop);
            if (module is not null) await MeasurePageAsync(run, samples, module, stop);
        }
        return [samples];
    }

    private static async Task MeasureSampleAsync(BenchRun run, Samples samples, CancellationToken stop)
    {
        await using var server = await RunningServer.StartAsync(run.Servers.Weft, run.Workspace.NewStore(), stop);
        await using var browser = await BrowserProcess.StartAsync(stop);
        using var main = new BrowserMain(server.Address);
        using var tab = await browser.OpenAsync(main.Page("samples/matrix/worker/?wait=1&start=1"),
            "document.querySelector('main')?.dataset.state === 'working'", stop);
        var random = new Random(Seed);
        for (var i = 0; i < SampleWarmUp; i++) await main.MultiplyAsync(MatrixPair.Random(random), stop);

        var milliseconds = new List<double>(SampleTasks);
        for (var i = 0; i < SampleTasks; i++)
        {
            var pair = MatrixPair.Random(random);
            var started = Stopwatch.GetTimestamp();
            var isRight = await main.MultiplyAsync(pair, stop);
            milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            if (!isRight) run.AddBad("browser, sample", 1, "a wrong product");
        }

        milliseconds.Sort();
        samples.Add(Sample, Metric.TaskP50, milliseconds[milliseconds.Count / 2]);
        samples.Add(Sample, Metric.TaskP99, milliseconds[milliseconds.Count * 99 / 100]);
    }

    private static async Task MeasurePageAsync(BenchRun run, Samples samples, byte[] module, CancellationToken stop)
    {
        await using var server = await RunningServer.StartAsync(run.Servers.Weft, run.Workspace.NewStore(), stop);
        await using var browser = await BrowserProcess.StartAsync(stop);
        using var main = new BrowserMain(server.Address);
        var hash = await main.PushAsync(module, "application/wasm", stop);
        var opened = Stopwatch.GetTimestamp();
        using var tab =
            await browser.OpenAsync(main.Page("worker/"), "document.querySelectorAll('#lacks li').length > 0", stop);
        samples.Add(Page, Metric.PageReady, Stopwatch.GetElapsedTime(opened).TotalMilliseconds);

        // One batch to warm up: compilers, caches, the pace.
        await tab.EvaluateAsync($"document.getElementById('cores').value = {Cores}; " +
            $"document.getElementById('toggle').click()", stop);
        await tab.WaitAsync("document.querySelector('main').dataset.state === 'waiting'", stop);
        var random = new Random(Seed);
        await MeasureAsync(run, main, hash, random, 1, stop);
        var elapsed = await MeasureAsync(run, main, hash, random, PageBatches, stop);
        samples.Add(Page, Metric.TasksPerSecond, PageBatches * BatchTasks / elapsed.TotalSeconds);
    }

    // The time in which tasks are submitted counts too: they are worked on from the first one on.
    private static async Task<TimeSpan> MeasureAsync(BenchRun run, BrowserMain main, string module, Random random,
        int batches, CancellationToken stop)
    {
        var group = await main.NewGroupAsync(stop);
        var pairs = Enumerable.Range(0, batches)
            .Select(_ => Enumerable.Range(0, BatchTasks).Select(_ => MatrixPair.Random(random)).ToArray()).ToArray();
        var expected = new Dictionary<long, string>();
        var started = Stopwatch.GetTimestamp();
        foreach (var batch in pairs)
        {
            var first = await main.SubmitAsync(module, group,
                batch.Select(static pair => $$"""{"a":{{pair.A}},"b":{{pair.B}}}"""), stop);
            for (var i = 0; i < batch.Length; i++) expected[first + i] = batch[i].Product;
        }

        var (_, wrong) = await main.CheckAsync(group, expected, stop);
        run.AddBad("browser, worker page", wrong, "a wrong product");
        return Stopwatch.GetElapsedTime(started);
    }
}
