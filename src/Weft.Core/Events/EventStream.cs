namespace Weft.Core.Events;

/// <summary>The next part of a stream.</summary>
/// <param name="Events">The events, in order; each with its id.</param>
/// <param name="Reset"> Why events before this one are missing, in one word; null: none are. The reader must reload the
/// current state.
/// </param>
/// <param name="Last">The stream's current position.</param>
public readonly record struct EventBatch(
    IReadOnlyList<(EventPlace Id, EventRecord Record)> Events, string? Reset, EventPlace Last);

/// <summary>
/// One reader of the <see cref="EventLog"/>: the events that match its filter, with a reset before any gap. Not
/// thread-safe.
/// </summary>
public sealed class EventStream : IDisposable
{
    private const string Gap = "gap";
    private const string Rate = "rate";

    private readonly EventLog _log;
    private readonly EventFilter _filter;
    private readonly TimeProvider _time;
    private readonly TimeSpan _timeMax;
    private readonly long _start;
    private readonly int _perSecondMax;
    private readonly EventRecord[] _read = new EventRecord[Limits.EventBatchMax];
    private long _last;
    private bool _isBroken;
    private long _saidAt;
    private long _secondAt;
    private int _inSecond;

    private EventStream(EventLog log, EventFilter filter, long last, TimeSpan timeMax, TimeProvider time)
    {
        (_log, _filter, _last, _timeMax, _time) = (log, filter, last, timeMax, time);
        _perSecondMax = filter.IsWhole ? Limits.EventsPerSecondMax : Limits.EventsPerSecondFilteredMax;
        _start = _saidAt = _secondAt = time.GetTimestamp();
    }

    /// <summary>
    /// The stream's starting position; null: it starts with a reset. A reader that got a position before the reset and
    /// lost the connection would continue from there, and never learn of the reset.
    /// </summary>
    public EventPlace? Begin => _isBroken ? null : Last;

    private EventPlace Last => new(_log.Epoch, _last);

    /// <summary>Starts following the log.</summary>
    /// <param name="log">The log to follow.</param>
    /// <param name="filter">Which events.</param>
    /// <param name="after"> The id of the last event seen; null: none, and the stream starts now. With an id that this
    /// coordinator doesn't know, the stream also starts now, with a reset.
    /// </param>
    /// <param name="timeMax">When it ends by itself.</param>
    /// <param name="time">The clock.</param>
    /// <returns>Null: there are too many followers.</returns>
    public static EventStream? Open(
        EventLog log, EventFilter filter, string? after, TimeSpan timeMax, TimeProvider time)
    {
        if (log.Enter() is not { } newest) return null;
        var stream = new EventStream(log, filter, newest, timeMax, time);
        if (after is null) return stream;
        if (EventPlace.Parse(after) is { } id && id.Epoch == log.Epoch) stream._last = id.Number;
        else stream._isBroken = true;
        return stream;
    }

    /// <summary>
    /// Waits for the next events. If there are none within <see cref="Limits.EventPingInterval"/>, returns a batch
    /// without events.
    /// </summary>
    /// <returns>Null: the stream has ended; another may continue from its position.</returns>
    public async ValueTask<EventBatch?> NextAsync(CancellationToken gone)
    {
        for (; ; )
        {
            var read = _log.Read(_last, _read);
            if (read.IsClosed || _time.GetElapsedTime(_start) >= _timeMax) return null;
            if (read.IsGap || _isBroken)
            {
                _isBroken = false;
                _last = _log.Newest;
                return Say([], Gap);
            }

            var events = Fitting(read.Count);
            _last = read.Last;
            if (events.Count > 0)
            {
                if (IsTooMuch(events.Count)) return await SkipAsync(gone);
                return Say(events, reset: null);
            }

            var untilPing = Limits.EventPingInterval - _time.GetElapsedTime(_saidAt);
            if (untilPing <= TimeSpan.Zero) return Say([], reset: null);
            if (read.Count == 0) await WaitAsync(read.News, untilPing, gone);
        }
    }

    public void Dispose() => _log.Leave();

    private List<(EventPlace Id, EventRecord Record)> Fitting(int count)
    {
        var events = new List<(EventPlace Id, EventRecord Record)>();
        for (var i = 0; i < count; i++)
        {
            if (_filter.Fits(_read[i])) events.Add((new(_log.Epoch, _last + 1 + i), _read[i]));
        }

        return events;
    }

    private EventBatch Say(List<(EventPlace Id, EventRecord Record)> events, string? reset)
    {
        _saidAt = _time.GetTimestamp();
        _log.Count(events.Count, isReset: reset is not null);
        return new(events, reset, Last);
    }

    private bool IsTooMuch(int events)
    {
        if (_time.GetElapsedTime(_secondAt) >= TimeSpan.FromSeconds(1))
        {
            (_secondAt, _inSecond) = (_time.GetTimestamp(), 0);
        }

        return (_inSecond += events) > _perSecondMax;
    }

    /// <summary>Skips the remaining events: writing all of them would take CPU time from other work.</summary>
    private async Task<EventBatch> SkipAsync(CancellationToken gone)
    {
        await Task.Delay(Limits.EventRatePause, _time, gone);
        _last = _log.Newest;
        return Say([], Rate);
    }

    private async Task WaitAsync(Task news, TimeSpan max, CancellationToken gone)
    {
        var left = _timeMax - _time.GetElapsedTime(_start);
        await news.WaitAsync(max < left ? max : left, _time, gone)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        gone.ThrowIfCancellationRequested();
        // Under load there are always new events: a single read in this interval finds all of them.
        await Task.Delay(Limits.EventPause, _time, gone);
    }
}
