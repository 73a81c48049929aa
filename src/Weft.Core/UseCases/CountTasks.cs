using Weft.Core.Storage;
using Weft.Core.Workers;

namespace Weft.Core.UseCases;

/// <param name="Tasks">For all queues together.</param>
public readonly record struct CoordinatorCounts(StateCounts Tasks, int Workers, int WorkersActive);

/// <summary>Counts the tasks of all queues by state, and the workers.</summary>
public sealed class CountTasks(ITaskStore store, WorkerDirectory workers)
{
    public async Task<CoordinatorCounts> RunAsync()
    {
        var tasks =
            (await store.CountAsync()).Aggregate(default(StateCounts), static (sum, queue) => sum + queue.Counts);
        var (total, active) = await workers.CountAsync();
        return new(tasks, total, active);
    }
}
