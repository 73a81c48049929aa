using System.Text.Json;
using Weft.Contracts;
using Weft.Core.Storage;
using Weft.Core.Watching;
using Weft.Http.Bounds;
using Weft.Http.Errors;
using Weft.Http.Pipeline;
using CoreOverview = Weft.Core.Watching.Overview;

namespace Weft.Http.Api;

/// <summary>The data for dashboards: the current state, and its history.</summary>
internal sealed class OverviewEndpoints(
    WatchTasks watch, IStoreGauges gauges, HeldRequests held, ConnectionCount connections, ByteBudget bodies,
    TimeProvider time)
{
    private static readonly (string Text, TimeSpan Time)[] Windows =
    [
        ("15m", TimeSpan.FromMinutes(15)), ("1h", TimeSpan.FromHours(1)), ("6h", TimeSpan.FromHours(6)),
        ("7d", TimeSpan.FromDays(7)),
    ];

    private readonly long _start = time.GetTimestamp();
    private volatile Shown? _shown;

    /// <summary>An overview is written once, however many clients watch.</summary>
    public async Task GetAsync(HttpContext context)
    {
        var overview = await watch.OverviewAsync();
        if (_shown is not { } shown || shown.Overview != overview)
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(ToWire(overview), WireJson.Default.Overview);
            _shown = shown = new(overview, json);
        }

        await JsonResponse.WriteAsync(context, shown.Json);
    }

    public async Task GetSeriesAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var text = query.TryGetValue("window", out var given) ? given.ToString() : Windows[0].Text;
        var window = Array.Find(Windows, known => known.Text == text).Time;
        if (window == default)
        {
            await Problems.AnswerAsync(
                context, Problems.InvalidRequest.With("window must be 15m, 1h, 6h or 7d."));
            return;
        }

        var queue = query.TryGetValue("queue", out var named) ? named.ToString() : null;
        // A queue without metrics of its own, or one not sampled yet: no values, which is not an error.
        var (step, start, values) = await watch.SeriesAsync(queue, window)
            ?? (Core.Limits.WatchInterval, time.GetUtcNow(), []);
        var names = WatchedNumbers.Rates.Concat(WatchedNumbers.Levels).ToArray();
        // The time before the first known value is left out.
        var first = values.Select(static each => Array.FindIndex(each, static value => !float.IsNaN(value)))
            .Where(static index => index >= 0).DefaultIfEmpty(values.Length > 0 ? values[0].Length : 0).Min();
        var series = new Dictionary<string, IReadOnlyList<double?>>();
        for (var each = 0; each < values.Length; each++)
            series.Add(names[each], [.. values[each][first..].Select(ToWire)]);
        await ApiJson.AnswerAsync(
            context, StatusCodes.Status200OK, new(start + first * step, step.TotalSeconds, series),
            WireJson.Default.TaskSeries);
    }

    private static double? ToWire(float value) => float.IsNaN(value) ? null : Math.Round(value, 3);

    private static TaskRates Rates(IReadOnlyList<double> rates) =>
        new(rates[0], rates[1], rates[2], rates[3], rates[4]);

    private Contracts.Overview ToWire(CoreOverview overview)
    {
        var snapshot = overview.Snapshot;
        var store = snapshot.Store;
        return new(
            time.GetUtcNow(), WeftVersion.Text, gauges.Engine,
            Math.Round(time.GetElapsedTime(_start).TotalSeconds, 1), snapshot.IsReady, overview.Counts.ToWire(),
            Rates(overview.PerSecond),
            new(snapshot.WorkersActive, snapshot.WorkersWaiting, snapshot.WorkersSilent),
            [.. overview.Attention.Select(static item =>
                new AttentionItem(item.Code, item.Detail, item.Queue, item.Count))],
            [.. overview.Queues.Select(static queue => new OverviewQueue(
                queue.Queue.Queue, queue.Queue.Paused, queue.Queue.Counts.ToWire(), queue.Workers, queue.Unserved,
                Rates(queue.PerSecond)))],
            store.Queues.Count,
            new(store.WaitingOperations, store.OperationsMax,
                store.Files?.DatabaseBytes, store.Files?.LogBytes, store.Files?.FreeBytes),
            new(held.Count, held.Max, connections.Count, connections.Max, bodies.Taken, bodies.Max));
    }

    private sealed record Shown(CoreOverview Overview, byte[] Json);
}
