using Weft.Core.Storage;

namespace Weft.Core.Watching;

/// <summary>
/// Makes samples of whole minutes from readings. A minute without changes has no sample: an idle coordinator doesn't
/// write. Not thread-safe.
/// </summary>
internal sealed class MinuteSampler
{
    // A reading this late has missed too much to count for one minute.
    private static readonly TimeSpan LookMax = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, long[]> _counted = new(StringComparer.Ordinal);
    private DateTimeOffset _minute;
    private DateTimeOffset _at;
    private IReadOnlyList<float> _last = [];

    /// <summary>Adds a reading.</summary>
    /// <param name="at">The time.</param>
    /// <param name="looks">The values of counters and levels, for all queues (no queue) first, then by queue.</param>
    /// <returns>The samples of the previous minute, once it is over.</returns>
    public IReadOnlyList<StoredSample> Add(
        DateTimeOffset at, IReadOnlyList<(string? Queue, long[] Counters, long[] Levels)> looks)
    {
        var minute = new DateTimeOffset(at.Ticks - at.Ticks % TimeSpan.TicksPerMinute, TimeSpan.Zero);
        if (_at != default && minute == _minute) return [];
        var samples = _at == default || minute < _minute || at - _at > LookMax ? [] : SamplesOf(at, looks);
        (_minute, _at) = (minute, at);
        _counted.Clear();
        foreach (var (queue, counters, _) in looks) _counted[queue ?? ""] = counters;
        return samples;
    }

    private IReadOnlyList<StoredSample> SamplesOf(
        DateTimeOffset at, IReadOnlyList<(string? Queue, long[] Counters, long[] Levels)> looks)
    {
        var seconds = (float)(at - _at).TotalSeconds;
        var samples = looks.Select(look => new StoredSample(_minute, look.Queue, Numbers(look, seconds))).ToList();
        var all = samples[0].Numbers;
        var isStill = _last.SequenceEqual(all) && all.Take(WatchedNumbers.Rates.Count).All(static rate => rate == 0);
        _last = all;
        if (isStill) return [];
        return
        [
            samples[0],
            .. samples.Skip(1).Where(static sample => sample.Numbers.Any(static number => number > 0))
                .OrderByDescending(static sample => sample.Numbers.Sum())
                .ThenBy(static sample => sample.Queue, StringComparer.Ordinal)
                .Take(Limits.QueueSamplesMax),
        ];
    }

    private float[] Numbers((string? Queue, long[] Counters, long[] Levels) look, float seconds)
    {
        var before = _counted.GetValueOrDefault(look.Queue ?? "") ?? new long[look.Counters.Length];
        return
        [
            .. look.Counters.Zip(before, (now, then) => (now - then) / seconds),
            .. look.Levels.Select(static level => (float)level),
        ];
    }
}
