using Weft.Core.Watching;

namespace Weft.Core.Tests.Watching;

public sealed class SeriesRingTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);
    private readonly SeriesRing _ring = new(TimeSpan.FromSeconds(10), length: 6, rates: 1, levels: 1);

    [Fact]
    public void Rates_AreGrowthPerSecond_AndLevelsAreAsTheyWere()
    {
        Add(0, 100, 7);
        Add(10, 150, 8);
        Add(20, 150, 9);

        Assert.Equal([float.NaN, float.NaN, float.NaN, float.NaN, 5, 0], Read(20, 0));
        Assert.Equal([float.NaN, float.NaN, float.NaN, float.NaN, 8, 9], Read(20, 1));
        Assert.Equal(Start.AddSeconds(-30), _ring.Read(Start.AddSeconds(20)).Start);
    }

    [Fact]
    public void ALookThatComesLate_IsSpreadOverTheTimeSince()
    {
        Add(0, 0, 1);
        Add(20, 60, 2);

        Assert.Equal([float.NaN, float.NaN, float.NaN, float.NaN, 3, 3], Read(20, 0));
    }

    [Fact]
    public void ATimeWithoutLooks_IsAGap()
    {
        Add(0, 0, 1);
        Add(10, 10, 1);
        Add(40, 9_000, 2);
        Add(50, 9_010, 2);

        Assert.Equal([float.NaN, 1, float.NaN, float.NaN, float.NaN, 1], Read(50, 0));
        Assert.Equal([float.NaN, 1, float.NaN, float.NaN, 2, 2], Read(50, 1));
    }

    [Fact]
    public void WhatIsOlderThanTheRing_IsForgotten_AndTheFutureIsUnknown()
    {
        for (var tick = 0; tick <= 20; tick++) Add(10 * tick, 10 * tick, tick);

        Assert.Equal([17, 18, 19, 20, float.NaN, float.NaN], Read(220, 1));
        Assert.All(Read(10_000, 1), static value => Assert.Equal(float.NaN, value));
    }

    [Fact]
    public void AClockThatIsSetBack_BeginsAnew()
    {
        Add(3_600, 100, 1);
        Add(3_610, 200, 2);
        Add(0, 300, 3);
        Add(10, 310, 4);

        Assert.Equal([float.NaN, float.NaN, float.NaN, float.NaN, float.NaN, 1], Read(10, 0));
    }

    [Fact]
    public void WithinAStep_TheFirstLookCounts()
    {
        Add(0, 0, 1);
        Add(10, 10, 2);
        Add(14, 1_000, 3);
        Add(20, 1_010, 4);

        Assert.Equal([1, 100], Read(20, 0)[^2..]);
    }

    private void Add(int seconds, long counter, long level) => _ring.Add(Start.AddSeconds(seconds), [counter], [level]);

    private float[] Read(int seconds, int series) => _ring.Read(Start.AddSeconds(seconds)).Series[series];
}
