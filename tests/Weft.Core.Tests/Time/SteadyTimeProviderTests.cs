using Weft.Core.Time;

namespace Weft.Core.Tests.Time;

public class SteadyTimeProviderTests
{
    [Fact]
    public void GetUtcNow_StartsAtTheWallClock()
    {
        var before = TimeProvider.System.GetUtcNow();
        var now = new SteadyTimeProvider().GetUtcNow();
        var after = TimeProvider.System.GetUtcNow();
        // The wall clock ticks in steps of its own: a millisecond either way is no difference.
        Assert.InRange(now, before - TimeSpan.FromMilliseconds(1), after + TimeSpan.FromMilliseconds(1));
        Assert.Equal(TimeSpan.Zero, now.Offset);
    }

    [Fact]
    public void GetUtcNow_NeverGoesBack()
    {
        var time = new SteadyTimeProvider();
        var last = time.GetUtcNow();
        for (var i = 0; i < 10_000; i++)
        {
            var now = time.GetUtcNow();
            Assert.True(now >= last);
            last = now;
        }
    }

    [Fact]
    public void GetUtcNow_MovesAsTheMonotonicClockDoes()
    {
        var time = new SteadyTimeProvider();
        var ticks = time.GetTimestamp();
        var start = time.GetUtcNow();
        while (time.GetElapsedTime(ticks) < TimeSpan.FromMilliseconds(5)) Thread.SpinWait(1_000);
        Assert.True(time.GetUtcNow() - start >= TimeSpan.FromMilliseconds(4));
    }
}
