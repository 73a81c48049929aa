namespace Weft.Core.Events;

/// <summary>
/// The last things that happened at this coordinator, in memory, for those who follow them. While nobody does, nothing
/// is kept. Each reader keeps its own place, so that one more costs no memory, and one that is slow holds up nobody.
/// </summary>
/// <param name="time">The clock.</param>
public sealed class EventLog(TimeProvider time)
{
    private readonly Lock _gate = new();
    private EventRecord[] _ring = [];
    // Events are counted from 1. Those from _first to before _next are kept.
    private long _first = 1;
    private long _next = 1;
    private int _readers;
    private long _leftAt;
    private TaskCompletionSource? _news;
    private volatile bool _isOn;
    private bool _isClosed;
    private long _sent;
    private long _resets;

    /// <summary>Of this run of this coordinator: numbers of another one mean nothing here.</summary>
    // Nothing that must not be guessed, so not of OpenSSL, which takes 3 MB and milliseconds of a start.
    public string Epoch { get; } = Guid.NewGuid().ToString("n")[..8];

    /// <summary>Whether events are kept: somebody follows them, or did a moment ago and may be back.</summary>
    public bool IsOn => _isOn;

    /// <summary>Events that were sent, once for each stream.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>How often a stream had to say that events are missing.</summary>
    public long Resets => Volatile.Read(ref _resets);

    /// <summary>How many follow it now.</summary>
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

    /// <summary>Adds what a commit did, once it is committed. Short: a writer calls it.</summary>
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

    /// <summary>
    /// Nobody knows whether a commit has happened, and so not what to tell: all readers have a gap here.
    /// </summary>
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

    /// <summary>Ends all readers: the coordinator stops.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            _news?.TrySetResult();
        }
    }

    /// <summary>Begins to keep events.</summary>
    /// <returns>The number of the newest event; null: too many follow already.</returns>
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

    /// <summary>A stream has said something.</summary>
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

    /// <summary>Reads on.</summary>
    /// <param name="after">The number of the last event that was read.</param>
    /// <param name="into">Gets what came after it, in order, as far as there is room.</param>
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
        // A number is left out: whoever comes back after this has missed something.
        _first = ++_next;
    }
}

/// <param name="Count">How many events were read.</param>
/// <param name="Last">The number of the last of them, or of the newest there is after a gap.</param>
/// <param name="IsGap">Events are missing between what was read before and what there is.</param>
/// <param name="IsClosed">The coordinator stops.</param>
/// <param name="News">Completes when there is more.</param>
internal readonly record struct EventRead(int Count, long Last, bool IsGap, bool IsClosed, Task News);
