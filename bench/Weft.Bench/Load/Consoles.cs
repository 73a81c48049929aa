using System.Diagnostics;
using Weft.Bench.Report;

namespace Weft.Bench.Load;

/// <summary>
/// People who watch: each asks for the overview each second, and for the series every five, as the console does.
/// </summary>
internal static class Consoles
{
    private const int SeriesEvery = 5;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Watches until <paramref name="end"/>, and notes how long each overview took.</summary>
    public static Task WatchAsync(HttpClient http, int count, Samples samples, Cell cell, CancellationToken end) =>
        Task.WhenAll(Enumerable.Range(0, count)
            .Select(console => WatchOnceAsync(http, console, count, samples, cell, end)));

    private static async Task WatchOnceAsync(
        HttpClient http, int console, int count, Samples samples, Cell cell, CancellationToken end)
    {
        try
        {
            // Spread over the second, as people are.
            await Task.Delay(Interval * console / count, TimeProvider.System, end);
            using var timer = new PeriodicTimer(Interval, TimeProvider.System);
            for (var second = console; await timer.WaitForNextTickAsync(end); second++)
            {
                var started = Stopwatch.GetTimestamp();
                var bytes = (await http.GetByteArrayAsync("/api/v1/overview", end)).Length;
                var milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                lock (samples)
                {
                    samples.Add(cell, Metric.Overview, milliseconds);
                    samples.Add(cell, Metric.OverviewBytes, bytes / 1e3);
                }

                if (second % SeriesEvery == 0) await http.GetByteArrayAsync("/api/v1/series?window=15m", end);
            }
        }
        catch (OperationCanceledException)
        {
            // The measurement is over.
        }
    }
}
