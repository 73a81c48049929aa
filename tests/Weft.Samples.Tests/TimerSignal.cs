using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Weft.Samples.Tests;

/// <summary>A clock that a test moves, and that tells the test when somebody has begun to wait for it.</summary>
internal sealed class TimerSignal : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>
    /// Waits until somebody waits, moves the clock to the end of that wait, and returns how long it was.
    /// </summary>
    public async Task<TimeSpan> PassNextWaitAsync()
    {
        var due = await _timers.Reader.ReadAsync().AsTask().Within();
        Advance(due);
        return due;
    }
}
