using Weft.Core.Time;
using Weft.Testing.Time;

namespace Weft.Core.Tests.Time;

public sealed class StoreClockTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly SettableTimeProvider _time = new(Start);
    private readonly StoreClock _clock;

    public StoreClockTests() => _clock = new(_time);

    [Fact]
    public void TimeThatPasses_IsNoJump_HoweverLong()
    {
        _time.Advance(TimeSpan.FromDays(30));
        Assert.Equal((TimeSpan.Zero, Start.AddDays(30)), (_clock.Tick(), _clock.Now));
    }

    [Fact]
    public void AProcessThatIsStoppedBetweenTwoReads_SeesNoJump()
    {
        var time = new StoppedTimeProvider();
        var clock = new StoreClock(time);
        time.StopAfterNextRead(TimeSpan.FromSeconds(5));
        Assert.Equal(TimeSpan.Zero, clock.Tick());
        Assert.Equal(TimeSpan.Zero, clock.Tick());
    }

    [Theory]
    [InlineData(3_600)]
    [InlineData(-3_600)]
    [InlineData(1.5)]
    public void AWallClockThatIsSet_JumpsOnce(double seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(10));
        _time.SetWallClock(TimeSpan.FromSeconds(seconds));
        Assert.Equal((TimeSpan.FromSeconds(seconds), Start.AddSeconds(10 + seconds)), (_clock.Tick(), _clock.Now));
        Assert.Equal(Start.AddSeconds(seconds), _clock.Started);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((TimeSpan.Zero, Start.AddSeconds(11 + seconds)), (_clock.Tick(), _clock.Now));
    }

    [Fact]
    public void SmallSteps_AreFollowedWithoutAJump_UntilTheyAddUp()
    {
        _time.SetWallClock(TimeSpan.FromMilliseconds(600));
        Assert.Equal((TimeSpan.Zero, Start.AddMilliseconds(600)), (_clock.Tick(), _clock.Now));
        _time.SetWallClock(TimeSpan.FromMilliseconds(600));
        Assert.Equal(TimeSpan.FromMilliseconds(1_200), _clock.Tick());
    }

    [Fact]
    public void ASmallStepBack_LetsTheTimeStandStill()
    {
        _time.Advance(TimeSpan.FromSeconds(5));
        _clock.Tick();
        _time.SetWallClock(TimeSpan.FromMilliseconds(-500));
        Assert.Equal((TimeSpan.Zero, Start.AddSeconds(5)), (_clock.Tick(), _clock.Now));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((TimeSpan.Zero, Start.AddSeconds(5.5)), (_clock.Tick(), _clock.Now));
    }

    [Fact]
    public void AJumpThatNobodyCouldFollow_IsFoundAgain()
    {
        _time.SetWallClock(TimeSpan.FromHours(1));
        _clock.Undo(_clock.Tick());
        Assert.Equal((Start, Start), (_clock.Now, _clock.Started));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal((TimeSpan.FromHours(1), Start.AddHours(1).AddSeconds(2)), (_clock.Tick(), _clock.Now));
    }

    /// <summary>Time passes between the read of one clock and that of the other.</summary>
    private sealed class StoppedTimeProvider : TimeProvider
    {
        private TimeSpan _now;
        private TimeSpan _stop;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void StopAfterNextRead(TimeSpan time) => _stop = time;

        public override DateTimeOffset GetUtcNow()
        {
            var read = Start + _now;
            (_now, _stop) = (_now + _stop, TimeSpan.Zero);
            return read;
        }

        public override long GetTimestamp() => _now.Ticks;
    }
}
