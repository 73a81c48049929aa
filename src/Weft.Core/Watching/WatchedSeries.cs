namespace Weft.Core.Watching;

/// <summary>The series of all tasks, or of one queue's. Not thread-safe.</summary>
internal sealed class WatchedSeries
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly CounterHistory _history;
    private readonly List<SeriesRing> _rings = [];

    /// <param name="isWhole">All queues together: also kept by the second and for days.</param>
    /// <param name="began">When the counters were zero, by a monotonic clock, in milliseconds.</param>
    public WatchedSeries(bool isWhole, long began)
    {
        var ticks = isWhole ? Limits.WatchDeathsTime : Limits.WatchRatesTime;
        _history = new((int)(ticks / Limits.WatchInterval));
        _history.Add(began, new long[WatchedNumbers.Rates.Count]);
        if (isWhole) _rings.Add(Ring(Second, TimeSpan.FromMinutes(15)));
        _rings.Add(Ring(Limits.WatchInterval, isWhole ? TimeSpan.FromHours(6) : TimeSpan.FromHours(1)));
        if (isWhole) _rings.Add(Ring(Minute, TimeSpan.FromDays(7)));
    }

    /// <param name="at">The time for the series.</param>
    /// <param name="now">By a monotonic clock, in milliseconds.</param>
    /// <param name="isTick">Whether this is a regular reading; only these are kept for long.</param>
    public void Add(DateTimeOffset at, long now, long[] counters, long[] levels, bool isTick)
    {
        if (isTick) _history.Add(now, counters);
        foreach (var ring in _rings)
        {
            if (isTick || ring.Step < Limits.WatchInterval) ring.Add(at, counters, levels);
        }
    }

    /// <summary>Adds a minute from before the process started.</summary>
    public void Restore(DateTimeOffset minute, DateTimeOffset now, IReadOnlyList<float> numbers)
    {
        foreach (var ring in _rings) ring.Restore(minute, minute + Minute, now, numbers);
    }

    public (long[] Growth, long Milliseconds) Grown(long now, long[] counters, TimeSpan time) =>
        _history.Since(now, counters, time);

    /// <summary>The finest series that goes back that far.</summary>
    public SeriesRing Of(TimeSpan window) => _rings.FirstOrDefault(ring => ring.Window >= window) ?? _rings[^1];

    private static SeriesRing Ring(TimeSpan step, TimeSpan window) => new(
        step, (int)(window / step), WatchedNumbers.Rates.Count, WatchedNumbers.Levels.Count);
}
