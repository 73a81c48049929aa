using Weft.Contracts;
using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.Workers;

namespace Weft.Http.Api;

/// <summary>Who is there, what each has in hand, and what it has done.</summary>
internal sealed class WorkerEndpoints(ITaskStore store, WorkerDirectory workers, TimeProvider time)
{
    public async Task ListAsync(HttpContext context)
    {
        var inHand = (await store.ListLeasedAsync(Limits.LeasedScanMax)).ToLookup(static task => task.WorkerId, static task => task.Id.Value, StringComparer.Ordinal);
        var activeSince = time.GetUtcNow() - Limits.WorkerActiveTime;
        var list = (await workers.ListAsync()).Select(worker => ToWire(worker, worker.IsActive(activeSince), inHand[worker.Id]));
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, new WorkerList([.. list]), WireJson.Default.WorkerList);
    }

    private static Contracts.Worker ToWire(WorkerSighting worker, bool isActive, IEnumerable<long> tasks) => new(
        worker.Id, isActive, worker.FirstSeenAt, worker.LastSeenAt, worker.Claimed, worker.Completed, worker.Failed, [.. tasks.Take(Limits.WorkerTasksListedMax)]);
}
