namespace Weft.Core.Watching;

/// <summary>The values of counters at a few moments, to compute their recent growth.</summary>
/// <param name="length">How many moments are kept.</param>
public sealed class CounterHistory(int length)
{
    private readonly Queue<(long At, long[] Counters)> _moments = new(length);

    /// <param name="at">By a monotonic clock, in milliseconds.</param>
    public void Add(long at, long[] counters)
    {
        if (_moments.Count == length) _moments.Dequeue();
        _moments.Enqueue((at, counters));
    }

    /// <summary>The growth of each counter within <paramref name="time"/>, or since the first known moment.</summary>
    /// <returns>The growth, and the number of milliseconds that it covers.</returns>
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
