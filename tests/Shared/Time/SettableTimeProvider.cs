using Microsoft.Extensions.Time.Testing;

namespace Weft.Testing.Time;

/// <summary>
/// Two clocks that stand still until they are told to move: time passes on both, and the wall clock alone can be set.
/// </summary>
public sealed class SettableTimeProvider(DateTimeOffset start) : FakeTimeProvider(start)
{
    private TimeSpan _ahead;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _ahead;

    public override long GetTimestamp() => base.GetUtcNow().Ticks;

    /// <summary>Sets the wall clock by this much; no time passes.</summary>
    public void SetWallClock(TimeSpan ahead) => _ahead += ahead;
}
