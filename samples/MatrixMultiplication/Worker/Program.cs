using System.Globalization;
using System.Runtime.InteropServices.JavaScript;
using Weft.Samples.MatrixMultiplication;

// worker.js passes the coordinator's root and the milliseconds between two polls.
var coordinator = new Coordinator(new HttpClient { BaseAddress = new Uri(args[0]) });
var poll = TimeSpan.FromMilliseconds(int.Parse(args[1], CultureInfo.InvariantCulture));
Tab.Open(coordinator, poll);

/// <summary>This tab's worker, as the page's buttons see it.</summary>
internal static partial class Tab
{
    private static Coordinator? _coordinator;
    private static WorkLoop? _loop;
    private static CancellationTokenSource? _running;

    public static void Open(Coordinator coordinator, TimeSpan poll)
    {
        _coordinator = coordinator;
        // Random: tabs side by side must not be taken for one worker.
        var workerId = $"tab-{Guid.NewGuid():N}"[..12];
        _loop = new WorkLoop(coordinator, workerId, poll, new PageEvents(), TimeProvider.System, Random.Shared);
        TellReady(workerId);
    }

    /// <summary>Works until <see cref="Pause"/>; the promise settles when the loop has stopped.</summary>
    [JSExport]
    internal static async Task Start()
    {
        if (_running is not null) return;
        using var running = _running = new CancellationTokenSource();
        await _loop!.RunAsync(running.Token);
        _running = null;
    }

    [JSExport]
    internal static void Pause() => _running?.Cancel();

    [JSExport]
    internal static void SetWaits(bool waits) => _loop!.Waits = waits;

    /// <summary>What a coordinator with tokens asks for; empty for none.</summary>
    [JSExport]
    internal static void SetToken(string token) => _coordinator!.Token = token.Length == 0 ? null : token;

    [JSImport("tellReady", "page")]
    internal static partial void TellReady(string workerId);

    [JSImport("tell", "page")]
    internal static partial void Tell(string kind, int taskId, string text);

    // Not Progress<T>, which would queue each report instead of telling it at once.
    private sealed class PageEvents : IProgress<WorkEvent>
    {
        public void Report(WorkEvent value) => Tell(value.Kind.ToString(), value.TaskId, value.Text);
    }
}
