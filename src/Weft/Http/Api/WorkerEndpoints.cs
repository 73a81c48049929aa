using Weft.Contracts;
using Weft.Core;
using Weft.Core.Workers;

namespace Weft.Http.Api;

/// <summary>Who is there, and what each has done.</summary>
internal sealed class WorkerEndpoints(WorkerRegistry workers, TimeProvider time)
{
    public async Task ListAsync(HttpContext context)
    {
        var activeSince = time.GetUtcNow() - Limits.WorkerActiveTime;
        var list = workers.All
            .Select(worker => new Contracts.Worker(
                worker.Id, worker.LastSeenAt >= activeSince, worker.FirstSeenAt, worker.LastSeenAt, worker.Claimed, worker.Completed, worker.Failed))
            .OrderByDescending(static worker => worker.LastSeenAt);
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, new WorkerList([.. list]), WireJson.Default.WorkerList);
    }
}
