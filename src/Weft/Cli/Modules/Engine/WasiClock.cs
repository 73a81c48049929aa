using System.Security.Cryptography;

namespace Weft.Cli.Modules.Engine;

/// <summary>
/// A module's time and random bytes: real ones, or the same in every run and in browsers (wasi-clock.js). Times are
/// nanoseconds.
/// </summary>
internal sealed class WasiClock(TimeProvider time) : IDisposable
{
    private const uint RealTime = 0, Monotonic = 1, ThreadCpu = 3;

    // Starts at 2000-01-01T00:00:00Z and advances a microsecond with each read: a loop that waits for time to pass must
    // end.
    private const long FixedStart = 946_684_800_000_000_000;
    private const long FixedStep = 1_000;
    private const long Step = 1_000;
    private const long TickNanoseconds = 100;

    private readonly ManualResetEventSlim _never = new();
    private bool _isFixed;
    private long _elapsed, _began, _slept;
    private int _random;

    public void Reset(bool isFixed)
    {
        (_isFixed, _elapsed, _slept, _random) = (isFixed, 0, 0, 1);
        _began = isFixed ? 0 : Now();
    }

    /// <summary>Null for a clock that doesn't exist.</summary>
    public long? Now(uint clock) => clock switch
    {
        RealTime => _isFixed
            ? FixedStart + Now()
            : (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TickNanoseconds,
        Monotonic => Now(),
        <= ThreadCpu => Now() - _began - _slept,
        _ => null,
    };

    public long? Resolution(uint clock) => clock > ThreadCpu ? null : _isFixed ? FixedStep : Step;

    public long Now() => _isFixed
        ? _elapsed += FixedStep
        : (long)(time.GetElapsedTime(0).TotalMilliseconds * 1_000_000);

    /// <param name="due">By <see cref="Now()"/>.</param>
    public void SleepUntil(long due)
    {
        if (_isFixed)
        {
            if (due <= _elapsed) return;
            _slept += due - _elapsed;
            _elapsed = due;
            return;
        }

        var began = Now();
        for (var left = due - began; left > 0; left = due - Now())
        {
            // To stop it, the worker kills the process.
            _never.Wait(TimeSpan.FromTicks(Math.Max(1, Math.Min(left / TickNanoseconds, TimeSpan.TicksPerHour))));
        }
        _slept += Now() - began;
    }

    public void Fill(Span<byte> target)
    {
        if (!_isFixed)
        {
            RandomNumberGenerator.Fill(target);
            return;
        }
        foreach (ref var next in target) next = NextFixed();
    }

    public void Dispose() => _never.Dispose();

    // Mulberry32, as in the browser.
    private byte NextFixed()
    {
        unchecked
        {
            _random += 0x6D2B79F5;
            var mixed = (_random ^ (int)((uint)_random >> 15)) * (_random | 1);
            mixed ^= mixed + ((mixed ^ (int)((uint)mixed >> 7)) * (mixed | 61));
            return (byte)((uint)(mixed ^ (int)((uint)mixed >> 14)) >> 24);
        }
    }
}
