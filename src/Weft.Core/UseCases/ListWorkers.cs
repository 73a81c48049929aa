using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Workers;

namespace Weft.Core.UseCases;

/// <param name="Tasks">Its leased tasks, at most <see cref="Limits.WorkerTasksListedMax"/>.</param>
public sealed record WorkerView(WorkerSighting Worker, bool IsActive, IReadOnlyList<TaskId> Tasks);

/// <summary>Lists the workers and their leased tasks.</summary>
public sealed class ListWorkers(ITaskStore store, WorkerDirectory workers, TimeProvider time)
{
    private readonly SharedRead<IReadOnlyList<WorkerView>> _looks = new(() => LookAsync(store, workers, time));

    /// <summary>All known workers, most recently seen first; simultaneous callers share one read.</summary>
    public Task<IReadOnlyList<WorkerView>> RunAsync() => _looks.ReadAsync();

    private static async Task<IReadOnlyList<WorkerView>> LookAsync(
        ITaskStore store, WorkerDirectory workers, TimeProvider time)
    {
        var leased = (await store.ListLeasedAsync(Limits.LeasedScanMax)).ToLookup(static task => task.WorkerId,
            static task => task.Id, StringComparer.Ordinal);
        var now = time.GetUtcNow();
        return
        [
            .. (await workers.ListAsync()).Select(worker => new WorkerView(
                worker, worker.IsActive(now, Limits.WorkerActiveTime),
                [.. leased[worker.Id].Take(Limits.WorkerTasksListedMax)])),
        ];
    }
}
