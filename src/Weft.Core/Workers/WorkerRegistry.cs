using System.Collections.Concurrent;
using Weft.Core.Events;
using Weft.Core.Matching;
using Weft.Core.Verification;

namespace Weft.Core.Workers;

/// <summary>
/// The workers that recently claimed or reported. In memory, with a limit: those unseen the longest are forgotten
/// first.
/// </summary>
/// <param name="time">Decides when workers were seen.</param>
/// <param name="rememberedMax">The maximum number. Default: <see cref="Limits.WorkersRememberedMax"/>.</param>
/// <param name="events">Receives events when workers appear and fall silent; null: none.</param>
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

    /// <summary>Records that the worker was seen just now.</summary>
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
    /// Records which workers have been silent for <see cref="Limits.WorkerServesTime"/>; called every
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

    // A tenth at a time: a flood of invented names must not cost a scan each.
    private void ForgetOldest()
    {
        foreach (var worker in _workers.Values.OrderBy(static worker => worker.LastSeenAt).Take(rememberedMax / 10))
        {
            _workers.TryRemove(worker.Id, out _);
        }
    }
}

/// <summary>A worker as the coordinator knows it from its requests.</summary>
public sealed class Worker(string id, DateTimeOffset firstSeenAt)
{
    private long _lastSeenTicks = firstSeenAt.UtcTicks;
    private long _claimed;
    private long _completed;
    private long _failed;
    private int _waiting;
    // Silent until it is first seen, which is then reported like a return.
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

    /// <summary>Whether it is currently waiting, or was seen within this time.</summary>
    public bool IsActive(DateTimeOffset now, TimeSpan within) =>
        Volatile.Read(ref _waiting) > 0 || (now - LastSeenAt).Duration() <= within;

    /// <summary>Records what it claims. A worker usually claims the same: that costs only a comparison.</summary>
    public void Asks(IReadOnlyList<string> queues, WorkerFit fit, NetworkKey? network = null)
    {
        if (Volatile.Read(ref _offer) is { } offer && offer.IsOf(queues, fit, network)) return;
        Volatile.Write(ref _offer, WorkerOffer.Of(queues, fit, network));
    }

    /// <summary>
    /// Its identity, as its last claim has proved it; null: not proved, or two keys have claimed under its id, which
    /// anybody may use: work under it then counts for neither.
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

    /// <returns>False: it already was.</returns>
    internal bool TrySetSilent(bool isSilent)
    {
        var value = isSilent ? 1 : 0;
        return Interlocked.Exchange(ref _isSilent, value) != value;
    }

    public void BeginWait() => Interlocked.Increment(ref _waiting);

    public void EndWait() => Interlocked.Decrement(ref _waiting);

    /// <summary>Its current state.</summary>
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
