using Weft.Core.Storage;

namespace Weft.Core.Workers;

/// <summary>
/// All workers, whichever coordinator sees them: what this one knows, and what the others have put up.
/// </summary>
/// <param name="registry">Those that this coordinator sees.</param>
/// <param name="time">Decides who is active.</param>
/// <param name="board">What the others see; null where there are no others.</param>
/// <param name="rememberedMax">How many there may be. Default: <see cref="Limits.WorkersRememberedMax"/>.</param>
public sealed class WorkerDirectory(WorkerRegistry registry, TimeProvider time, IWorkerBoard? board = null,
    int rememberedMax = Limits.WorkersRememberedMax)
{
    /// <summary>The workers, the last seen first.</summary>
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
