using System.Diagnostics;
using System.Text;
using Weft.Bench.Browser;
using Weft.Bench.Report;
using Weft.Bench.Servers;

namespace Weft.Bench.Scenarios;

/// <summary>
/// Python tasks in a real browser: from the click on Start to the first result, in a fresh profile and after a reload,
/// when there is a snapshot; and how long a task takes after that. All of it, coordinator included, on this machine's
/// cores.
/// </summary>
internal static class PythonScenario
{
    public static readonly Scenario Definition = new("python",
        "Python tasks in a real browser: first result, cold and from a snapshot, and later tasks", RunAsync);

    private const int Tasks = 300;
    private const int WarmUpTasks = 30;
    private const int BatchTasks = 1_000;
    private const string Script = "def task(n):\n    return n * n\n";
    private const string IsReady = "document.querySelectorAll('#lacks li').length > 0";
    private const string Start =
        "document.getElementById('cores').value = 1; document.getElementById('toggle').click()";

    // The page keeps it beside its work. The database is the page's own by now, of whatever version it wants.
    private const string HasSnapshot = """
        (() => {
          const opening = indexedDB.open('weft-python');
          opening.onsuccess = () => {
            const counting = opening.result.transaction('snapshots').objectStore('snapshots').count();
            counting.onsuccess = () => { window.snapshots = counting.result; opening.result.close(); };
          };
          return window.snapshots === 1;
        })()
        """;

    private static readonly Cell Cold = new("weft", "fresh profile");
    private static readonly Cell Reloaded = new("weft", "reloaded, with a snapshot");
    private static readonly Cell Later = new("weft", "later, one task after another");
    private static readonly Cell Batch = new("weft", "later, in one batch");

    private static async Task<IReadOnlyList<Samples>> RunAsync(BenchRun run, CancellationToken stop)
    {
        var samples = new Samples("Python in a browser: from the click on Start to the first result of a task that " +
            $"waits; {Tasks} tasks after it, from submit to result; and {BatchTasks} of one batch, submit included");
        samples.AddMissing([run.Servers.Weft]);
        var served = Path.Combine(run.Root, "dist/wwwroot/python");
        if (BrowserProcess.Program is null) samples.Remarks.Add("python: not measured (chromium is not installed)");
        else if (!Directory.Exists(served) || Directory.GetDirectories(served).Length == 0)
        {
            samples.Remarks.Add("python: not measured (build.sh found no Pyodide: npm is missing)");
        }
        if (samples.Remarks.Count > 0) return [samples];

        for (var round = 1; round <= run.Options.Rounds; round++)
        {
            run.Say($"python: round {round} of {run.Options.Rounds}");
            await MeasureAsync(run, samples, stop);
        }
        return [samples];
    }

    private static async Task MeasureAsync(BenchRun run, Samples samples, CancellationToken stop)
    {
        await using var server = await RunningServer.StartAsync(run.Servers.Weft, run.Workspace.NewStore(), stop);
        await using var browser = await BrowserProcess.StartAsync(stop);
        using var main = new BrowserMain(server.Address);
        var script = await main.PushAsync(Encoding.UTF8.GetBytes(Script), "text/x-python", stop);
        using var tab = await browser.OpenAsync(main.Page("worker/"), IsReady, stop);
        samples.Add(Cold, Metric.FirstResult, await FirstAsync(run, main, tab, script, stop));

        for (var n = 0; n < WarmUpTasks; n++) await TaskAsync(run, main, script, n, stop);
        var milliseconds = new double[Tasks];
        for (var n = 0; n < Tasks; n++)
        {
            var started = Stopwatch.GetTimestamp();
            await TaskAsync(run, main, script, n, stop);
            milliseconds[n] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }
        Array.Sort(milliseconds);
        samples.Add(Later, Metric.TaskP50, milliseconds[Tasks / 2]);
        samples.Add(Later, Metric.TaskP99, milliseconds[Tasks * 99 / 100]);

        var elapsed = await BatchAsync(run, main, script, stop);
        samples.Add(Batch, Metric.TasksPerSecond, BatchTasks / elapsed.TotalSeconds);

        await tab.WaitAsync(HasSnapshot, stop);
        await tab.EvaluateAsync("window.isLeft = true; location.reload()", stop);
        await tab.WaitAsync($"window.isLeft === undefined && {IsReady}", stop);
        samples.Add(Reloaded, Metric.FirstResult, await FirstAsync(run, main, tab, script, stop));
    }

    private static async Task<double> FirstAsync(BenchRun run, BrowserMain main, BrowserTab tab, string script,
        CancellationToken stop)
    {
        var id = await main.SubmitAsync(script, 12, stop);
        var started = Stopwatch.GetTimestamp();
        await tab.EvaluateAsync(Start, stop);
        Check(run, await main.ResultAsync(id, stop), 12);
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static async Task<TimeSpan> BatchAsync(BenchRun run, BrowserMain main, string script,
        CancellationToken stop)
    {
        var group = await main.NewGroupAsync(stop);
        var started = Stopwatch.GetTimestamp();
        var first = await main.SubmitAsync(script, group,
            Enumerable.Range(0, BatchTasks).Select(static n => $"{n}"), stop);
        var expected = Enumerable.Range(0, BatchTasks).ToDictionary(n => first + n, static n => $"{n * n}");
        var (_, wrong) = await main.CheckAsync(group, expected, stop);
        run.AddBad("python", wrong, "a wrong square");
        return Stopwatch.GetElapsedTime(started);
    }

    private static async Task TaskAsync(BenchRun run, BrowserMain main, string script, int n, CancellationToken stop) =>
        Check(run, await main.ResultAsync(await main.SubmitAsync(script, n, stop), stop), n);

    private static void Check(BenchRun run, string result, int n)
    {
        if (result != $"{n * n}") run.AddBad("python", 1, $"the square of {n} is {result}");
    }
}
