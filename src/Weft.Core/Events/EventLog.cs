namespace Weft.Core.Events;

/// <summary>
/// The latest events at this coordinator, in memory, for those who follow them. Without followers, nothing is kept.
/// Each reader has its own position, so that another reader costs no memory, and a slow one doesn't delay the others.
/// </summary>
/// <param name="time">The clock.</param>
public sealed class EventLog(TimeProvider time)
{
    private readonly Lock _gate = new();
    private EventRecord[] _ring = [];
    // Events are counted from 1. Those from _first up to but excluding _next are kept.
    private long _first = 1;
    private long _next = 1;
    private int _readers;
    private long _leftAt;
    private TaskCompletionSource? _news;
    private volatile bool _isOn;
    private bool _isClosed;
    private long _sent;
    private long _resets;

    /// <summary>Identifies this run of this coordinator: another run's numbers mean nothing here.</summary>
    // Not secret, so don't use OpenSSL's random source, which takes 3 MB and milliseconds at the start.
    public string Epoch { get; } = Guid.NewGuid().ToString("n")[..8];

    /// <summary>Whether events are kept: there is a follower, or there was one recently that may return.</summary>
    public bool IsOn => _isOn;

    /// <summary>Events sent, counted once per stream.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>How many resets were sent because events were missing.</summary>
    public long Resets => Volatile.Read(ref _resets);

    /// <summary>The number of current followers.</summary>
    public int Readers
    {
        get
        {
            lock (_gate) return _readers;
        }
    }

    /// <summary>The number of the newest event.</summary>
    internal long Newest
    {
        get
        {
            lock (_gate) return _next - 1;
        }
    }

    /// <summary>Adds the events of a commit, once it is committed. Fast: a writer calls it.</summary>
    public void Add(IReadOnlyList<EventRecord> records)
    {
        if (!_isOn || records.Count == 0) return;
        TaskCompletionSource? news;
        lock (_gate)
        {
            if (_readers == 0 && time.GetElapsedTime(_leftAt) > Limits.EventsKeptTime)
            {
                TurnOff();
                return;
            }

            foreach (var record in records) _ring[_next++ % _ring.Length] = record;
            _first = Math.Max(_first, _next - _ring.Length);
            (news, _news) = (_news, null);
        }

        news?.TrySetResult();
    }

    /// <summary>The outcome of a commit is unknown, and so are its events: all readers have a gap here.</summary>
    public void Break()
    {
        if (!_isOn) return;
        TaskCompletionSource? news;
        lock (_gate)
        {
            _first = ++_next;
            (news, _news) = (_news, null);
        }

        news?.TrySetResult();
    }

    /// <summary>Ends all readers: the coordinator is stopping.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            _news?.TrySetResult();
        }
    }

    /// <summary>Starts to keep events.</summary>
    /// <returns>The number of the newest event; null: there are too many followers.</returns>
    internal long? Enter()
    {
        lock (_gate)
        {
            if (_readers >= Limits.EventStreamsMax) return null;
            _readers++;
            if (!_isOn) _ring = new EventRecord[Limits.EventsKeptMax];
            _isOn = true;
            return _next - 1;
        }
    }

    /// <summary>Counts events that a stream has sent.</summary>
    internal void Count(int events, bool isReset)
    {
        Interlocked.Add(ref _sent, events);
        if (isReset) Interlocked.Increment(ref _resets);
    }

    internal void Leave()
    {
        lock (_gate)
        {
            _readers--;
            _leftAt = time.GetTimestamp();
        }
    }

    /// <summary>Reads the next events.</summary>
    /// <param name="after">The number of the last event read.</param>
    /// <param name="into">Receives the events after it, in order, as far as there is space.</param>
    internal EventRead Read(long after, Span<EventRecord> into)
    {
        lock (_gate)
        {
            if (after + 1 < _first || after >= _next)
            {
                return new(0, _next - 1, IsGap: true, _isClosed, Task.CompletedTask);
            }

            var count = (int)Math.Min(into.Length, _next - 1 - after);
            for (var i = 0; i < count; i++) into[i] = _ring[(after + 1 + i) % _ring.Length];
            var news = Task.CompletedTask;
            if (count == 0 && !_isClosed)
            {
                news = (_news ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            return new(count, after + count, IsGap: false, _isClosed, news);
        }
    }

    private void TurnOff()
    {
        _isOn = false;
        _ring = [];
        // Skip a number: a reader that returns after this has missed something.
        _first = ++_next;
    }
}

/// <param name="Count">How many events were read.</param>
/// <param name="Last">The number of the last of them, or of the newest one after a gap.</param>
/// <param name="IsGap">Events are missing between the last ones read and the first ones available.</param>
/// <param name="IsClosed">The coordinator is stopping.</param>
/// <param name="News">Completes when there are more.</param>
internal readonly record struct EventRead(int Count, long Last, bool IsGap, bool IsClosed, Task News);
