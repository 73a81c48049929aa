using Weft.Core.Storage;

namespace Weft.Core.Workers;

/// <summary>
/// All workers, whichever coordinator sees them: this coordinator's own, and those that the others have published.
/// </summary>
/// <param name="registry">This coordinator's workers.</param>
/// <param name="time">Decides who is active.</param>
/// <param name="board">The others' workers; null if there are no other coordinators.</param>
/// <param name="rememberedMax">The maximum number. Default: <see cref="Limits.WorkersRememberedMax"/>.</param>
public sealed class WorkerDirectory(WorkerRegistry registry, TimeProvider time, IWorkerBoard? board = null,
    int rememberedMax = Limits.WorkersRememberedMax)
{
    /// <summary>The workers, most recently seen first.</summary>
    public async Task<IReadOnlyList<WorkerSighting>> ListAsync()
    {
        var workers = registry.All.ToDictionary(static worker => worker.Id, static worker => worker.Sighting,
            StringComparer.Ordinal);
        foreach (var other in board is null ? [] : await board.ListOthersAsync(rememberedMax, time.GetUtcNow()))
        {
            workers[other.Id] = workers.TryGetValue(other.Id, out var own) ? own.And(other) : other;
        }

        return [.. workers.Values.OrderByDescending(static worker => worker.LastSeenAt).Take(rememberedMax)];
    }

    /// <summary>
    /// How many workers are known, and how many are active: they wait for work, or were seen within
    /// <see cref="Limits.WorkerActiveTime"/>.
    /// </summary>
    public async Task<(int Total, int Active)> CountAsync()
    {
        if (board is null) return registry.Count();
        var workers = await ListAsync();
        var now = time.GetUtcNow();
        return (workers.Count, workers.Count(worker => worker.IsActive(now, Limits.WorkerActiveTime)));
    }
}
