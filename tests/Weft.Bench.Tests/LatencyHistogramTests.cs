using CsCheck;
using Weft.Bench.Load;

namespace Weft.Bench.Tests;

public class LatencyHistogramTests
{
    [Fact]
    public void APercentile_IsThatOfTheSortedDurations_WithinOnePercent() =>
        Gen.Select(Gen.Long[0, 60_000_000_000].Array[1, 200], Gen.Double[0.01, 1]).Sample((durations, share) =>
        {
            var histogram = new LatencyHistogram();
            foreach (var nanoseconds in durations) histogram.Add(nanoseconds);

            var expected = durations.Order().ElementAt((int)Math.Ceiling(durations.Length * share) - 1) / 1e6;
            return Math.Abs(histogram.Percentile(share) - expected) <= expected * 0.01;
        });

    [Fact]
    public void TwoHistograms_AddedUp_CountAsOne()
    {
        var (fast, slow) = (new LatencyHistogram(), new LatencyHistogram());
        fast.Add(1_000_000);
        slow.Add(5_000_000);
        fast.Add(slow);

        Assert.Equal(1, fast.Percentile(0.5), 0.01);
        Assert.Equal(5, fast.Percentile(1), 0.05);
    }

    [Fact]
    public void ADurationBeyondAllMeasure_IsCountedAsTheLongest()
    {
        var histogram = new LatencyHistogram();
        histogram.Add(long.MaxValue);

        Assert.True(histogram.Percentile(1) > 60_000);
    }

    [Fact]
    public void WithoutDurations_APercentileIsZero() => Assert.Equal(0, new LatencyHistogram().Percentile(0.99));
}
