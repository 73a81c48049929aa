using System.Collections.Concurrent;
using Weft.Core;
using Weft.Core.Verification;

namespace Weft.Storage.Engine;

/// <summary>
/// Who has answered verified tasks lately, for each queue that was asked about: of many workers, a few seconds old.
/// Safe for use by many threads.
/// </summary>
internal sealed class SeenWorkers
{
    private readonly ConcurrentDictionary<string, (QueueWorkers Workers, DateTimeOffset At)> _queues =
        new(StringComparer.Ordinal);

    /// <summary>Who is there; null: that must be read.</summary>
    public QueueWorkers? Find(string queue, DateTimeOffset now) =>
        _queues.TryGetValue(queue, out var kept) && kept.Workers.Count > Limits.VerifyWorkersFew
            && (now - kept.At).Duration() < Limits.VerifyWorkersAge
            ? kept.Workers
            : null;

    /// <summary>Keeps what was read, if it is worth it.</summary>
    public QueueWorkers Keep(string queue, QueueWorkers workers, DateTimeOffset now)
    {
        // Of few, nothing is kept: queues come and go.
        if (workers.Count > Limits.VerifyWorkersFew) _queues[queue] = (workers, now);
        else _queues.TryRemove(queue, out _);
        return workers;
    }
}
