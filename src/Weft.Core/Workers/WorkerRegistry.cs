using System.Collections.Concurrent;
using Weft.Core.Events;
using Weft.Core.Matching;
using Weft.Core.Verification;

namespace Weft.Core.Workers;

/// <summary>
/// Who has asked for work or brought results lately. In memory, bounded: the longest unseen are forgotten first.
/// </summary>
/// <param name="time">Decides who was seen when.</param>
/// <param name="rememberedMax">How many there may be. Default: <see cref="Limits.WorkersRememberedMax"/>.</param>
/// <param name="events">Is told who comes and who falls silent; null: nobody is.</param>
public sealed class WorkerRegistry(
    TimeProvider time, int rememberedMax = Limits.WorkersRememberedMax, EventLog? events = null)
{
    private readonly ConcurrentDictionary<string, Worker> _workers = new(StringComparer.Ordinal);

    public IReadOnlyCollection<Worker> All => [.. _workers.Values];

    /// <summary>
    /// How many workers are known, and how many are active: they wait for work, or were seen within
    /// <see cref="Limits.WorkerActiveTime"/>.
    /// </summary>
    public (int Total, int Active) Count()
    {
        var now = time.GetUtcNow();
        return (_workers.Count, _workers.Values.Count(worker => worker.IsActive(now, Limits.WorkerActiveTime)));
    }

    /// <summary>Notes that the worker was heard of just now.</summary>
    public Worker Saw(string workerId)
    {
        var now = time.GetUtcNow();
        if (!_workers.TryGetValue(workerId, out var worker))
        {
            if (_workers.Count >= rememberedMax) ForgetOldest();
            worker = _workers.GetOrAdd(workerId, static (id, now) => new(id, now), now);
        }

        worker.LastSeenAt = now;
        if (worker.IsSilent && worker.TrySetSilent(false)) Tell(EventType.WorkerSeen, worker, now);
        return worker;
    }

    /// <summary>
    /// Notes who has not been heard of for <see cref="Limits.WorkerServesTime"/>; called every
    /// <see cref="Limits.WatchInterval"/>.
    /// </summary>
    public void NoteSilent()
    {
        var now = time.GetUtcNow();
        foreach (var (_, worker) in _workers)
        {
            if (worker.IsSilent || worker.IsActive(now, Limits.WorkerServesTime)) continue;
            if (worker.TrySetSilent(true)) Tell(EventType.WorkerSilent, worker, now);
        }
    }

    private void Tell(EventType type, Worker worker, DateTimeOffset now)
    {
        if (events?.IsOn == true) events.Add([new(type, now) { WorkerId = worker.Id }]);
    }

    // A tenth at a time: a flood of made-up names must not cost a scan each.
    private void ForgetOldest()
    {
        foreach (var worker in _workers.Values.OrderBy(static worker => worker.LastSeenAt).Take(rememberedMax / 10))
        {
            _workers.TryRemove(worker.Id, out _);
        }
    }
}

/// <summary>A worker as the coordinator knows it: by what it does.</summary>
public sealed class Worker(string id, DateTimeOffset firstSeenAt)
{
    private long _lastSeenTicks = firstSeenAt.UtcTicks;
    private long _claimed;
    private long _completed;
    private long _failed;
    private int _waiting;
    // Until the first time that it is seen, which is told as its coming back is.
    private int _isSilent = 1;
    private WorkerOffer? _offer;
    private WorkerIdentity? _identity;
    private WorkerIdentity? _firstIdentity;
    private bool _isShared;

    public string Id => id;
    public DateTimeOffset FirstSeenAt => firstSeenAt;

    public DateTimeOffset LastSeenAt
    {
        get => new(Interlocked.Read(ref _lastSeenTicks), TimeSpan.Zero);
        set => Interlocked.Exchange(ref _lastSeenTicks, value.UtcTicks);
    }

    /// <summary>Whether it waits for work now, or was seen within this time.</summary>
    public bool IsActive(DateTimeOffset now, TimeSpan within) =>
        Volatile.Read(ref _waiting) > 0 || (now - LastSeenAt).Duration() <= within;

    /// <summary>Notes what it asks for. A worker asks for the same again and again: that costs a comparison.</summary>
    public void Asks(IReadOnlyList<string> queues, WorkerFit fit, NetworkKey? network = null)
    {
        if (Volatile.Read(ref _offer) is { } offer && offer.IsOf(queues, fit, network)) return;
        Volatile.Write(ref _offer, WorkerOffer.Of(queues, fit, network));
    }

    /// <summary>
    /// Who it is, as far as its last claim has proven that; null: it hasn't, or two keys have claimed under its id,
    /// which anybody may name: then what is done under it is nobody's.
    /// </summary>
    public WorkerIdentity? Identity
    {
        get => Volatile.Read(ref _isShared) ? null : Volatile.Read(ref _identity);
        internal set
        {
            Volatile.Write(ref _identity, value);
            if (value is null) return;
            var first = Interlocked.CompareExchange(ref _firstIdentity, value, null);
            if (first is not null && first.Id != value.Id) Volatile.Write(ref _isShared, true);
        }
    }

    /// <summary>Whether it counts as silent until it is seen.</summary>
    internal bool IsSilent => Volatile.Read(ref _isSilent) != 0;

    /// <returns>False: it was so before.</returns>
    internal bool TrySetSilent(bool isSilent)
    {
        var value = isSilent ? 1 : 0;
        return Interlocked.Exchange(ref _isSilent, value) != value;
    }

    public void BeginWait() => Interlocked.Increment(ref _waiting);

    public void EndWait() => Interlocked.Decrement(ref _waiting);

    /// <summary>What is known of it at this moment.</summary>
    public WorkerSighting Sighting =>
        new(id, FirstSeenAt, LastSeenAt, Volatile.Read(ref _waiting) > 0, Claimed, Completed, Failed,
            Volatile.Read(ref _offer));

    public long Claimed => Interlocked.Read(ref _claimed);
    public long Completed => Interlocked.Read(ref _completed);
    public long Failed => Interlocked.Read(ref _failed);

    public void AddClaimed(int tasks) => Interlocked.Add(ref _claimed, tasks);

    public void AddCompleted(int tasks) => Interlocked.Add(ref _completed, tasks);

    public void AddFailed(int tasks) => Interlocked.Add(ref _failed, tasks);
}
