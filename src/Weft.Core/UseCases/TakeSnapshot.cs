using Weft.Core.Storage;
using Weft.Core.Workers;

namespace Weft.Core.UseCases;

/// <summary>A coordinator's state at one moment.</summary>
/// <param name="IsReady">Whether the store accepts changes.</param>
/// <param name="Unserved"> Ready tasks that no worker on their queue can run, by queue; queues without any are left
/// out.
/// </param>
/// <param name="Coverage">Which queues have workers.</param>
/// <param name="WorkersActive">Seen recently, and not waiting.</param>
/// <param name="WorkersWaiting">Waiting for a task.</param>
/// <param name="WorkersSilent">Not seen recently.</param>
public sealed record Snapshot(
    StoreGauges Store, bool IsReady, IReadOnlyDictionary<string, long> Unserved,
    QueueCoverage Coverage, int WorkersActive, int WorkersWaiting, int WorkersSilent)
{
    /// <summary>How many workers were recently barred from a queue; queues without any are left out.</summary>
    public IReadOnlyDictionary<string, int> Barred { get; init; } = new Dictionary<string, int>();
}

/// <summary>
/// Takes the snapshot that all viewers share: however many request it, the store is read at most once per
/// <see cref="Limits.SnapshotAgeMax"/>, and not at all without viewers.
/// </summary>
public sealed class TakeSnapshot(
    IStoreGauges store, IStoreHealth health, WorkerDirectory workers, BarredWorkers barred, TimeProvider time)
{
    private static readonly Snapshot Nothing = new(
        new([], [], WaitingOperations: 0, OperationsMax: 0), IsReady: false, new Dictionary<string, long>(),
        new([], default), 0, 0, 0);

    private readonly Lock _gate = new();
    private Task<Snapshot>? _latest;
    private long _takenAt;
    private Snapshot _last = Nothing;

    /// <summary>
    /// Takes the snapshot, or returns the current one. While the store's database doesn't answer, the values stay as
    /// they were.
    /// </summary>
    public Task<Snapshot> RunAsync()
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (_latest is not null && time.GetElapsedTime(_takenAt, now) < Limits.SnapshotAgeMax) return _latest;
            _takenAt = now;
            return _latest = Task.Run(TakeAsync);
        }
    }

    private async Task<Snapshot> TakeAsync()
    {
        try
        {
            return _last = await LookAsync();
        }
        catch (StoreException)
        {
            return _last = _last with { IsReady = false };
        }
    }

    private async Task<Snapshot> LookAsync()
    {
        // First, so that the check whether it is ready isn't queued behind the others.
        var gauges = await store.ReadGaugesAsync();
        var isReady = IsReadyAsync();
        var now = time.GetUtcNow();
        var seen = await workers.ListAsync();
        var coverage = new QueueCoverage(seen, now);
        var waiting = seen.Count(static worker => worker.Waits);
        var active = seen.Count(worker => !worker.Waits && worker.IsActive(now, Limits.WorkerActiveTime));
        return new(
            gauges, await isReady, Unserved(gauges, coverage), coverage, active, waiting,
            seen.Count - active - waiting)
        {
            Barred = await barred.CountAsync(now - Limits.VerifyBarredNewsTime),
        };
    }

    private static Dictionary<string, long> Unserved(StoreGauges gauges, QueueCoverage coverage) => gauges.Ready
        .GroupBy(static ready => ready.Queue, StringComparer.Ordinal)
        .Select(queue => (queue.Key, Count: coverage.Unserved(queue)))
        .Where(static queue => queue.Count > 0)
        .ToDictionary(static queue => queue.Key, static queue => queue.Count, StringComparer.Ordinal);

    /// <summary>A store that takes longer to answer isn't ready: the caller has other values to read.</summary>
    private async Task<bool> IsReadyAsync()
    {
        try
        {
            return await health.CheckHealthAsync().WaitAsync(Limits.SnapshotAgeMax, time) is null;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
