namespace Weft.Core.Events;

/// <summary>What a stream has to say next.</summary>
/// <param name="Events">What happened, in order; each with its id.</param>
/// <param name="Reset">
/// Why events before this are missing, in one word; null: none are. Whoever follows reads anew how things are.
/// </param>
/// <param name="Last">Where the stream is now.</param>
public readonly record struct EventBatch(
    IReadOnlyList<(EventPlace Id, EventRecord Record)> Events, string? Reset, EventPlace Last);

/// <summary>
/// One reader of the <see cref="EventLog"/>: what fits its filter, nothing left out but after it has said so.
/// Not safe for several threads.
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
    /// Where the stream begins; null: with a reset. Whoever were told a place before that and lost the connection would
    /// go on from there, and never hear of the reset.
    /// </summary>
    public EventPlace? Begin => _isBroken ? null : Last;

    private EventPlace Last => new(_log.Epoch, _last);

    /// <summary>Begins to follow.</summary>
    /// <param name="log">What is followed.</param>
    /// <param name="filter">Which events.</param>
    /// <param name="after">
    /// The id of the last event that was seen, as it was given; null: there is none, and the stream begins now. From
    /// one that this coordinator doesn't know the stream begins now too, with a reset.
    /// </param>
    /// <param name="timeMax">When it ends by itself.</param>
    /// <param name="time">The clock.</param>
    /// <returns>Null: too many follow already.</returns>
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
    /// Waits for what comes next. Nothing within <see cref="Limits.EventPingInterval"/> is a batch without events.
    /// </summary>
    /// <returns>Null: the stream is over; another may go on where it was.</returns>
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

    /// <summary>Writing all of it would take the processor from those who work: the rest of it is left out.</summary>
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
        // Under load something happens all the time: one look in this time finds all of it.
        await Task.Delay(Limits.EventPause, _time, gone);
    }
}
