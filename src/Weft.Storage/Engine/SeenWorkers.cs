using System.Collections.Concurrent;
using Weft.Core;
using Weft.Core.Verification;

namespace Weft.Storage.Engine;

/// <summary>
/// The workers that recently answered verified tasks, for each requested queue. If there are many, the data may be a
/// few seconds old. Safe for use by many threads.
/// </summary>
internal sealed class SeenWorkers
{
    private readonly ConcurrentDictionary<string, (QueueWorkers Workers, DateTimeOffset At)> _queues =
        new(StringComparer.Ordinal);

    /// <summary>The workers; null: they must be read.</summary>
    public QueueWorkers? Find(string queue, DateTimeOffset now) =>
        _queues.TryGetValue(queue, out var kept) && kept.Workers.Count > Limits.VerifyWorkersFew
            && (now - kept.At).Duration() < Limits.VerifyWorkersAge
            ? kept.Workers
            : null;

    /// <summary>Caches the workers, if there are enough.</summary>
    public QueueWorkers Keep(string queue, QueueWorkers workers, DateTimeOffset now)
    {
        // Small numbers aren't cached: queues come and go.
        if (workers.Count > Limits.VerifyWorkersFew) _queues[queue] = (workers, now);
        else _queues.TryRemove(queue, out _);
        return workers;
    }
}
