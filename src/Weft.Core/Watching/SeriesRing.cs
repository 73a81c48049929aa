namespace Weft.Core.Watching;

/// <summary>
/// The last values of some series, at even steps of time. Rates are computed from counters; a long time without
/// readings leaves a gap. Not thread-safe.
/// </summary>
public sealed class SeriesRing
{
    // Longer than the interval of two regular readings: growth in between is spread over it.
    private static readonly TimeSpan UntoldMax = TimeSpan.FromSeconds(25);

    private readonly int _rates;
    private readonly float[][] _values;
    private long[]? _counted;
    private long _countedAt;
    private long _last;

    /// <param name="step">The time between two values; whole milliseconds.</param>
    /// <param name="length">How many values of each series are kept.</param>
    /// <param name="rates">How many series are rates: the first ones.</param>
    /// <param name="levels">How many are levels: those after them.</param>
    public SeriesRing(TimeSpan step, int length, int rates, int levels)
    {
        Step = step;
        _rates = rates;
        _values = [.. Enumerable.Range(0, rates + levels).Select(_ => Unknown(length))];
    }

    public TimeSpan Step { get; }

    /// <summary>How far back the values go.</summary>
    public TimeSpan Window => Step * Length;

    private int Length => _values[0].Length;

    /// <summary>Adds a reading. A step that already has its values isn't changed.</summary>
    /// <param name="at">The time.</param>
    /// <param name="counters">The counters behind the rates; they never decrease while the process lives.</param>
    /// <param name="levels">The current levels.</param>
    public void Add(DateTimeOffset at, ReadOnlySpan<long> counters, ReadOnlySpan<long> levels)
    {
        var now = at.ToUnixTimeMilliseconds();
        var step = now / (long)Step.TotalMilliseconds;
        // The clock was set back: the existing values are in the future.
        if (_counted is not null && step < _last) Clear();
        if (_counted is not null && step == _last) return;
        if (_counted is not null) Fill(step, now, counters, levels);
        _last = step;
        _counted = counters.ToArray();
        _countedAt = now;
    }

    /// <summary>All values, oldest first; NaN if unknown.</summary>
    /// <param name="now">The last step's time, whether or not it has values.</param>
    /// <returns>The time of the first value, and the series.</returns>
    public (DateTimeOffset Start, float[][] Series) Read(DateTimeOffset now)
    {
        var end = now.ToUnixTimeMilliseconds() / (long)Step.TotalMilliseconds;
        var start = end - Length + 1;
        var series = _values.Select(_ => Unknown(Length)).ToArray();
        var last = _counted is null ? long.MinValue : Math.Min(end, _last);
        for (var step = Math.Max(start, _last - Length + 1); step <= last; step++)
        {
            for (var each = 0; each < series.Length; each++) series[each][step - start] = _values[each][Slot(step)];
        }

        return (DateTimeOffset.FromUnixTimeMilliseconds(start * (long)Step.TotalMilliseconds), series);
    }

    /// <summary>Adds values from before the process started; known values stay.</summary>
    /// <param name="from">The start of the period.</param>
    /// <param name="until">The end of the period.</param>
    /// <param name="now">Values in the future are ignored.</param>
    /// <param name="numbers">A value of each series.</param>
    public void Restore(DateTimeOffset from, DateTimeOffset until, DateTimeOffset now, IReadOnlyList<float> numbers)
    {
        var current = StepOf(now);
        var last = Math.Min(StepOf(until) - 1, current - 1);
        for (var step = Math.Max(StepOf(from), current - Length + 1); step <= last; step++)
        {
            for (var each = 0; each < _values.Length && each < numbers.Count; each++)
            {
                ref var value = ref _values[each][Slot(step)];
                if (float.IsNaN(value)) value = numbers[each];
            }
        }
    }

    private long StepOf(DateTimeOffset at) => at.ToUnixTimeMilliseconds() / (long)Step.TotalMilliseconds;

    private void Fill(long step, long now, ReadOnlySpan<long> counters, ReadOnlySpan<long> levels)
    {
        var isGap = (step - _last) * Step > (UntoldMax > 2 * Step ? UntoldMax : 2 * Step);
        var seconds = Math.Max(1, now - _countedAt) / 1_000f;
        for (var each = Math.Max(_last + 1, step - Length + 1); each <= step; each++)
        {
            for (var rate = 0; rate < _rates; rate++)
            {
                _values[rate][Slot(each)] = isGap ? float.NaN : (counters[rate] - _counted![rate]) / seconds;
            }

            for (var level = 0; level < levels.Length; level++)
            {
                _values[_rates + level][Slot(each)] = isGap && each < step ? float.NaN : levels[level];
            }
        }
    }

    private void Clear()
    {
        foreach (var values in _values) Array.Fill(values, float.NaN);
        _counted = null;
    }

    private int Slot(long step) => (int)(step % Length);

    private static float[] Unknown(int length)
    {
        var values = new float[length];
        Array.Fill(values, float.NaN);
        return values;
    }
}
