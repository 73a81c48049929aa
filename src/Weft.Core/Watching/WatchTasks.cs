using Weft.Core.Metrics;
using Weft.Core.Storage;
using Weft.Core.UseCases;

namespace Weft.Core.Watching;

/// <param name="PerSecond"><see cref="WatchedNumbers.Rates"/> of the last minute.</param>
public sealed record WatchedQueue(QueueCounts Queue, int Workers, long Unserved, IReadOnlyList<double> PerSecond);

/// <summary>A coordinator's state, for dashboards.</summary>
/// <param name="Snapshot">The snapshot from which the rest was computed.</param>
/// <param name="Counts">For all queues.</param>
/// <param name="PerSecond"><see cref="WatchedNumbers.Rates"/> of the last minute, for all queues.</param>
/// <param name="Queues">At most <see cref="Limits.WatchedQueuesMax"/>: those with the most unfinished tasks.</param>
/// <param name="Attention">What an operator should look at, worst first.</param>
public sealed record Overview(
    Snapshot Snapshot, StateCounts Counts, IReadOnlyList<double> PerSecond, IReadOnlyList<WatchedQueue> Queues,
    IReadOnlyList<Attention> Attention);

/// <summary>
/// Keeps the history of the last minutes, hours and days in memory. It takes a reading every ten seconds, and every
/// second while somebody watches. Any number of viewers share one reading.
/// </summary>
/// <param name="meter">The tasks' counters.</param>
/// <param name="take">Takes snapshots.</param>
/// <param name="samples">Stores the minutes across restarts.</param>
/// <param name="coordinator">This one's name among those that share the store.</param>
/// <param name="time">The clock.</param>
public sealed class WatchTasks(
    TaskMeter meter, TakeSnapshot take, ISampleStore samples, string coordinator, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly WatchedSeries _all = new(isWhole: true, Milliseconds(time));
    private readonly Dictionary<TaskTally, WatchedSeries> _queues = [];
    private readonly MinuteSampler _minutes = new();
    private readonly Dictionary<string, List<StoredSample>> _before = new(StringComparer.Ordinal);
    private Overview? _latest;
    private Task? _restored;

    private long Now => Milliseconds(time);

    /// <summary>Takes a regular reading; called every <see cref="Limits.WatchInterval"/>.</summary>
    public async Task<int> LookAsync()
    {
        await RestoreAsync();
        var snapshot = await take.RunAsync();
        IReadOnlyList<StoredSample> minute;
        lock (_gate) minute = Note(snapshot, isTick: true);
        if (minute.Count > 0) await samples.AddAsync(coordinator, minute);
        return 0;
    }

    /// <summary>The current state, at most a second old.</summary>
    public async Task<Overview> OverviewAsync()
    {
        await RestoreAsync();
        var snapshot = await take.RunAsync();
        lock (_gate)
        {
            if (_latest?.Snapshot == snapshot) return _latest;
            Note(snapshot, isTick: false);
            return _latest = Show(snapshot);
        }
    }

    /// <summary>The series of all queues, or of one; null: that queue has no series of its own.</summary>
    public async Task<(TimeSpan Step, DateTimeOffset Start, float[][] Series)?> SeriesAsync(
        string? queue, TimeSpan window)
    {
        await RestoreAsync();
        lock (_gate)
        {
            if (queue is null) return Read(_all, window);
            return meter.Find(queue) is { } tally && _queues.TryGetValue(tally, out var series) ? Read(series, window)
                : null;
        }
    }

    private (TimeSpan Step, DateTimeOffset Start, float[][] Series) Read(WatchedSeries series, TimeSpan window)
    {
        var ring = series.Of(window);
        var (start, values) = ring.Read(time.GetUtcNow());
        return (ring.Step, start, values);
    }

    /// <summary>Reads once the history before this process started; without it the plots begin now.</summary>
    private Task RestoreAsync()
    {
        lock (_gate) return _restored ??= LoadAsync();
    }

    private async Task LoadAsync()
    {
        IReadOnlyList<StoredSample> stored;
        try
        {
            stored = await samples.ListAsync(coordinator);
        }
        catch (StoreException)
        {
            return;
        }

        lock (_gate)
        {
            foreach (var sample in stored)
            {
                if (sample.Queue is null) _all.Restore(sample.Minute, time.GetUtcNow(), sample.Numbers);
                else if (_before.TryGetValue(sample.Queue, out var known)) known.Add(sample);
                else _before.Add(sample.Queue, [sample]);
            }
        }
    }

    /// <returns>The minute that is over, to be stored.</returns>
    private IReadOnlyList<StoredSample> Note(Snapshot snapshot, bool isTick)
    {
        var (at, now) = (time.GetUtcNow(), Now);
        var levels = new Dictionary<TaskTally, StateCounts>();
        var all = default(StateCounts);
        foreach (var queue in snapshot.Store.Queues)
        {
            all += queue.Counts;
            if (meter.Find(queue.Queue) is { } tally) levels[tally] = queue.Counts;
        }

        _all.Add(at, now, WatchedNumbers.Count(meter.All), WatchedNumbers.LevelsOf(all), isTick);
        if (!isTick) return [];
        var looks = new List<(string? Queue, long[] Counters, long[] Levels)>
        {
            (null, WatchedNumbers.Count(meter.All), WatchedNumbers.LevelsOf(all)),
        };
        foreach (var tally in meter.All)
        {
            if (!_queues.TryGetValue(tally, out var series)) _queues.Add(tally, series = NewQueue(tally));
            var counters = WatchedNumbers.Count([tally]);
            var level = WatchedNumbers.LevelsOf(levels.GetValueOrDefault(tally));
            series.Add(at, now, counters, level, isTick);
            looks.Add((NameOf(tally), counters, level));
        }

        return _minutes.Add(at, looks);
    }

    private Overview Show(Snapshot snapshot)
    {
        var counters = WatchedNumbers.Count(meter.All);
        var queues = snapshot.Store.Queues
            .OrderByDescending(static queue => queue.Counts.Unfinished)
            .ThenBy(static queue => queue.Queue, StringComparer.Ordinal)
            .Take(Limits.WatchedQueuesMax)
            .Select(queue => new WatchedQueue(
                queue, snapshot.Coverage.WorkersOf(queue.Queue), snapshot.Unserved.GetValueOrDefault(queue.Queue),
                RatesOf(queue.Queue)));
        var died = _all.Grown(Now, counters, Limits.WatchDeathsTime).Growth[WatchedNumbers.Dead];
        return new(
            snapshot, snapshot.Store.Queues.Aggregate(default(StateCounts), static (sum, queue) => sum + queue.Counts),
            PerSecond(_all, counters), [.. queues],
            [.. AttentionRules.Of(snapshot, _all.Grown(Now, counters, Limits.WatchFailuresTime).Growth, died)]);
    }

    private double[] RatesOf(string queue) =>
        meter.Find(queue) is { } tally && _queues.TryGetValue(tally, out var series)
            ? PerSecond(series, WatchedNumbers.Count([tally]))
            : new double[WatchedNumbers.Rates.Count];

    private double[] PerSecond(WatchedSeries series, long[] counters)
    {
        var (growth, milliseconds) = series.Grown(Now, counters, Limits.WatchRatesTime);
        // Right after the start, a single task would count as many per second.
        var seconds = Math.Max(milliseconds, Limits.WatchInterval.TotalMilliseconds) / 1_000;
        return [.. growth.Select(count => Math.Round(count / seconds, 3))];
    }

    /// <summary>The queue is new since the previous reading.</summary>
    private WatchedSeries NewQueue(TaskTally tally)
    {
        var series = new WatchedSeries(isWhole: false, Now - (long)Limits.WatchInterval.TotalMilliseconds);
        foreach (var sample in _before.Remove(NameOf(tally), out var known) ? known : [])
        {
            series.Restore(sample.Minute, time.GetUtcNow(), sample.Numbers);
        }

        return series;
    }

    private static string NameOf(TaskTally tally) => (string)tally.Label.Value!;

    private static long Milliseconds(TimeProvider time) =>
        (long)time.GetElapsedTime(0).TotalMilliseconds;
}
