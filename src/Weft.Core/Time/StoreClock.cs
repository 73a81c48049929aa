namespace Weft.Core.Time;

/// <summary>
/// The time of a store that keeps deadlines as times of day: the wall clock, and by how much it was set. Earlier
/// deadlines must be moved by the same amount, or they would end early or never. For one caller at a time.
/// </summary>
public sealed class StoreClock
{
    private readonly TimeProvider _time;
    private (DateTimeOffset Wall, long Timestamp) _anchor;

    public StoreClock(TimeProvider time)
    {
        _time = time;
        _anchor = Look();
        Started = Now = _anchor.Wall;
    }

    /// <summary>
    /// The time of day in whole milliseconds. It never goes back, unless the wall clock was set back.
    /// </summary>
    public DateTimeOffset Now { get; private set; }

    /// <summary>When the store was opened, by the current wall clock.</summary>
    public DateTimeOffset Started { get; private set; }

    /// <summary>
    /// Reads the clocks. Not zero: the wall clock was set by this much since the last read, and stored times must
    /// follow; call <see cref="Undo"/> if that fails.
    /// </summary>
    public TimeSpan Tick()
    {
        var now = Look();
        var gap = now.Wall - _anchor.Wall - _time.GetElapsedTime(_anchor.Timestamp, now.Timestamp);
        if (gap.Duration() <= Limits.ClockGapMax)
        {
            if (now.Wall > Now) Now = now.Wall;
            return TimeSpan.Zero;
        }

        var jump = TimeSpan.FromMilliseconds(Math.Round(gap.TotalMilliseconds));
        _anchor = now;
        Now = now.Wall;
        Started += jump;
        return jump;
    }

    /// <summary>Stored times could not follow the jump: the next read finds it again.</summary>
    public void Undo(TimeSpan jump)
    {
        _anchor = _anchor with { Wall = _anchor.Wall - jump };
        Started -= jump;
        Now -= jump;
    }

    /// <summary>
    /// Both clocks at one moment. A process that is stopped between two reads would seem to see a wall clock that was
    /// set.
    /// </summary>
    private (DateTimeOffset Wall, long Timestamp) Look()
    {
        while (true)
        {
            var timestamp = _time.GetTimestamp();
            var wall = Whole(_time.GetUtcNow());
            if (_time.GetElapsedTime(timestamp) <= Limits.ClockGapMax / 2) return (wall, timestamp);
        }
    }

    // The store keeps milliseconds: decisions must use the same values that are read back.
    private static DateTimeOffset Whole(DateTimeOffset time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());
}
