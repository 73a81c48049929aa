using System.Runtime.InteropServices;

namespace Weft.Core.Time;

/// <summary>
/// The machine's two clocks: the time of day is the wall clock's, which can be set; timestamps count from the machine's
/// start, including while it is suspended, and can't be set (CLOCK_BOOTTIME, see clock_gettime(2)).
/// </summary>
public sealed partial class BootTimeProvider : TimeProvider
{
    private const int BootTime = 7;
    private const long NanosecondsPerSecond = 1_000_000_000;

    // On other systems, the runtime's own counter stops while the machine is suspended.
    private static readonly bool HasBootTime = OperatingSystem.IsLinux();

    public override long TimestampFrequency => HasBootTime ? NanosecondsPerSecond : System.TimestampFrequency;

    public override long GetTimestamp()
    {
        if (!HasBootTime) return System.GetTimestamp();
        return clock_gettime(BootTime, out var time) == 0 ? time.Seconds * NanosecondsPerSecond + time.Nanoseconds
            : throw new InvalidOperationException("The system has no clock.");
    }

    [LibraryImport("libc")]
    [SuppressGCTransition]
    private static partial int clock_gettime(int clock, out Timespec time);

    private readonly struct Timespec
    {
        public readonly nint Seconds;
        public readonly nint Nanoseconds;
    }
}
