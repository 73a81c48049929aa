namespace Weft.Core.Watching;

/// <summary>What counters were at a few moments, so that it can be told how much they grew lately.</summary>
/// <param name="length">How many moments are kept.</param>
public sealed class CounterHistory(int length)
{
    private readonly Queue<(long At, long[] Counters)> _moments = new(length);

    /// <param name="at">By a clock that can't be set, in milliseconds.</param>
    public void Add(long at, long[] counters)
    {
        if (_moments.Count == length) _moments.Dequeue();
        _moments.Enqueue((at, counters));
    }

    /// <summary>
    /// How much each counter has grown within <paramref name="time"/>, or since the first moment that is known.
    /// </summary>
    /// <returns>The growth, and over how many milliseconds.</returns>
    public (long[] Growth, long Milliseconds) Since(long now, long[] counters, TimeSpan time)
    {
        foreach (var (at, old) in _moments)
        {
            if (now - at > time.TotalMilliseconds) continue;
            return ([.. counters.Zip(old, static (count, then) => count - then)], now - at);
        }

        return (new long[counters.Length], 0);
    }
}
