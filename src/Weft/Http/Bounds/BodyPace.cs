namespace Weft.Http.Bounds;

/// <summary>
/// The minimum speed for sending a large request body or reading a large response, since both hold memory that all
/// clients share. Each window must move what the minimum data rate requires, and half of what would move everything
/// held within the request's time limit. A client with an even pace is never disconnected; one that sends nearly
/// everything and then stops holds memory for one window.
/// </summary>
internal sealed class BodyPace : IDisposable
{
    /// <summary>Longer than a network stall.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(15);

    private readonly ServeBounds _bounds;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _slow;
    private readonly CancellationTokenSource _end;
    private readonly long _start;
    private long _moved;

    /// <param name="bounds">The minimum rate, 0 for none, and the time limit of one request.</param>
    /// <param name="time">The clock.</param>
    /// <param name="requestAborted">The client has disconnected.</param>
    public BodyPace(ServeBounds bounds, TimeProvider time, CancellationToken requestAborted)
    {
        (_bounds, _time, _start) = (bounds, time, time.GetTimestamp());
        _slow = new(NextWindow(), time);
        _end = CancellationTokenSource.CreateLinkedTokenSource(_slow.Token, requestAborted);
    }

    public static BodyPace Of(HttpContext context)
    {
        var services = context.RequestServices;
        return new(services.GetRequiredService<ServeBounds>(), services.GetRequiredService<TimeProvider>(),
            context.RequestAborted);
    }

    /// <summary>Whether the client was too slow.</summary>
    public bool IsOver => _slow.IsCancellationRequested;

    /// <summary>Fires when the client is too slow or has disconnected.</summary>
    public CancellationToken End => _end.Token;

    /// <summary>Reports that a part of the body was received or read.</summary>
    /// <param name="bytes">How many bytes since the last report.</param>
    /// <param name="held">How much memory the body holds now.</param>
    public void Moved(long bytes, long held)
    {
        _moved += bytes;
        var leastRate = Math.Max(_bounds.DataRateMin, held / _bounds.RequestTime.TotalSeconds / 2);
        if (_bounds.DataRateMin == 0 || _moved < leastRate * Window.TotalSeconds) return;
        _moved = 0;
        _slow.CancelAfter(NextWindow());
    }

    public void Dispose()
    {
        _end.Dispose();
        _slow.Dispose();
    }

    private TimeSpan NextWindow()
    {
        var left = _bounds.RequestTime - _time.GetElapsedTime(_start);
        if (left <= TimeSpan.Zero) return TimeSpan.Zero;
        return _bounds.DataRateMin == 0 || left < Window ? left : Window;
    }
}
