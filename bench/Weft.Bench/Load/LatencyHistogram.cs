using System.Numerics;

namespace Weft.Bench.Load;

/// <summary>
/// Counts durations in buckets no wider than 1/128 of their value: percentiles are exact to 1 %, at a fixed size.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int StepBits = 7;
    private const int ExponentMax = 37; // 2^37 ns: over two minutes, longer than any answer is waited for
    private const int Steps = 1 << StepBits;
    private readonly long[] buckets = new long[(ExponentMax - StepBits + 1) * Steps];

    public void Add(long nanoseconds) => buckets[BucketOf(nanoseconds)]++;

    public void Add(LatencyHistogram other)
    {
        for (var i = 0; i < buckets.Length; i++) buckets[i] += other.buckets[i];
    }

    /// <summary>
    /// The duration in milliseconds that the given share (0 to 1) of all stays within; 0 when there are none.
    /// </summary>
    public double Percentile(double share)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(buckets.Sum() * share));
        long seen = 0;
        for (var i = 0; i < buckets.Length; i++)
        {
            seen += buckets[i];
            if (seen >= rank) return MiddleOf(i) / 1e6;
        }
        return 0;
    }

    private static int BucketOf(long value)
    {
        value = Math.Clamp(value, 0, (1L << ExponentMax) - 1);
        var shift = Math.Max(0, BitOperations.Log2((ulong)value | 1) - StepBits);
        return shift * Steps + (int)(value >> shift);
    }

    private static double MiddleOf(int bucket)
    {
        var shift = Math.Max(0, bucket / Steps - 1);
        var low = (long)(bucket - shift * Steps) << shift;
        return low + ((1L << shift) - 1) / 2.0;
    }
}
