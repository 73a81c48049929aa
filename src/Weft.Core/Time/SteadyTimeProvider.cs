using System.Diagnostics;

namespace Weft.Core.Time;

/// <summary>
/// The wall clock at start plus a monotonic clock: somebody who sets the machine's clock
/// neither ends a lease early nor makes one immortal.
/// </summary>
public sealed class SteadyTimeProvider : TimeProvider
{
    private readonly DateTimeOffset _start = System.GetUtcNow();
    private readonly long _startTicks = Stopwatch.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => _start + Stopwatch.GetElapsedTime(_startTicks);
}
