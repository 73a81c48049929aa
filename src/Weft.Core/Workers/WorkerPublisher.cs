using Weft.Core.Storage;

namespace Weft.Core.Workers;

/// <summary>
/// Publishes to the other coordinators which workers this one sees: every few seconds what has changed, so that neither
/// a claim nor a heartbeat causes a write. For one caller at a time.
/// </summary>
public sealed class WorkerPublisher(WorkerRegistry registry, IWorkerBoard board, TimeProvider time,
    int rememberedMax = Limits.WorkersRememberedMax)
{
    private readonly Dictionary<string, (WorkerSighting Sighting, long Round)> _published = new(StringComparer.Ordinal);
    private long _round;

    /// <summary>Publishes what has changed; returns the number of workers.</summary>
    public async Task<int> RunOnceAsync(CancellationToken stop)
    {
        if (_round++ % Limits.WorkersForgottenRounds == 0) await board.ForgetGoneAsync(rememberedMax);
        var workers = registry.All.ToDictionary(static worker => worker.Id, static worker => worker.Sighting,
            StringComparer.Ordinal);
        string[] forgotten = [.. _published.Keys.Where(id => !workers.ContainsKey(id))];
        WorkerSighting[] changed = [.. workers.Values.Where(worker => PublishedAs(worker.Id).Sighting != worker)
            // If there are more changes than fit, those that have waited longest go first.
            .OrderBy(worker => PublishedAs(worker.Id).Round).Take(Limits.WorkersPublishedMax)];
        var known = await board.PublishAsync(changed, forgotten, time.GetUtcNow());
        if (!known) _published.Clear();
        foreach (var id in forgotten) _published.Remove(id);
        foreach (var worker in changed) _published[worker.Id] = (worker, _round);
        return changed.Length;
    }

    private (WorkerSighting? Sighting, long Round) PublishedAs(string id) =>
        _published.TryGetValue(id, out var published) ? published : default;
}
