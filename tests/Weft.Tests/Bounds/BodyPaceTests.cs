using Microsoft.Extensions.Time.Testing;
using Weft.Http.Bounds;

namespace Weft.Tests.Bounds;

public sealed class BodyPaceTests
{
    private const long Megabyte = 1 << 20;
    private readonly FakeTimeProvider _time = new();
    private readonly ServeBounds _bounds = new() { DataRateMin = 1_000, RequestTime = TimeSpan.FromMinutes(5) };

    [Fact]
    public void ABodyThatCameFast_AndIsNearlyThere_IsGivenUpOnAfterAWindow()
    {
        using var pace = Pace();
        pace.Moved(32 * Megabyte, 32 * Megabyte);
        // A little at a time: the least rate, and far less than what is held is worth.
        for (var second = 0; second < 14; second++) Pass(pace, 1, 1_100, 32 * Megabyte);
        Assert.False(pace.IsOver);
        Pass(pace, 1, 1_100, 32 * Megabyte);
        Assert.True(pace.IsOver && pace.End.IsCancellationRequested);
    }

    [Fact]
    public void AClientThatIsJustFastEnough_IsNeverCutOff_UntilTheTimeIsOver()
    {
        using var pace = Pace();
        var perSecond = 32 * Megabyte / 299;
        for (var second = 1; second < 300; second++)
        {
            Pass(pace, 1, perSecond, second * perSecond);
            Assert.False(pace.IsOver, $"cut off after {second} s");
        }

        Pass(pace, 1, perSecond, 32 * Megabyte);
        Assert.True(pace.IsOver);
    }

    [Fact]
    public void AStall_OfLessThanAWindow_IsNoCrime()
    {
        using var pace = Pace();
        Pass(pace, 14, Megabyte, Megabyte);
        Pass(pace, 14, Megabyte, 2 * Megabyte);
        Assert.False(pace.IsOver);
        Pass(pace, 15, 0, 2 * Megabyte);
        Assert.True(pace.IsOver);
    }

    [Fact]
    public void WithoutALeastRate_TheTimeAloneCounts()
    {
        _bounds.DataRateMin = 0;
        using var pace = Pace();
        Pass(pace, 299, 1, 32 * Megabyte);
        Assert.False(pace.IsOver);
        Pass(pace, 1, 0, 32 * Megabyte);
        Assert.True(pace.IsOver);
    }

    [Fact]
    public void AClientThatHasGone_EndsIt_AndWasNotSlow()
    {
        using var gone = new CancellationTokenSource();
        using var pace = new BodyPace(_bounds, _time, gone.Token);
        gone.Cancel();
        Assert.True(pace.End.IsCancellationRequested && !pace.IsOver);
    }

    private BodyPace Pace() => new(_bounds, _time, CancellationToken.None);

    private void Pass(BodyPace pace, int seconds, long moved, long held)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        pace.Moved(moved, held);
    }
}
