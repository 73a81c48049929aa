using Weft.Core.Time;

namespace Weft.Core.Tests.Time;

public class BootTimeProviderTests
{
    [Fact]
    public void GetUtcNow_IsTheWallClock()
    {
        var before = TimeProvider.System.GetUtcNow();
        var now = new BootTimeProvider().GetUtcNow();
        Assert.InRange(now, before, TimeProvider.System.GetUtcNow());
        Assert.Equal(TimeSpan.Zero, now.Offset);
    }

    [Fact]
    public void GetTimestamp_MovesAsTheMachinesOwnClockDoes()
    {
        var time = new BootTimeProvider();
        var (boot, monotonic) = (time.GetTimestamp(), TimeProvider.System.GetTimestamp());
        while (TimeProvider.System.GetElapsedTime(monotonic) < TimeSpan.FromMilliseconds(5)) Thread.SpinWait(1_000);
        Assert.True(time.GetElapsedTime(boot) >= TimeSpan.FromMilliseconds(4));
    }

    [Fact]
    public void GetTimestamp_CountsFromTheMachinesStart()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The clock is Linux's.");
        var time = new BootTimeProvider();
        var uptime = double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0],
            System.Globalization.CultureInfo.InvariantCulture);
        // At least so much has passed since: /proc/uptime counts suspension, as this does.
        Assert.True(time.GetTimestamp() / (double)time.TimestampFrequency >= uptime);
    }
}
