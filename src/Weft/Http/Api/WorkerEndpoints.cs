using Weft.Contracts;
using Weft.Core.UseCases;

namespace Weft.Http.Api;

/// <summary>Lists the workers, with what each has leased and done.</summary>
internal sealed class WorkerEndpoints(ListWorkers workers)
{
    public async Task ListAsync(HttpContext context)
    {
        var list = new WorkerList([.. (await workers.RunAsync()).Select(ToWire)]);
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, list, WireJson.Default.WorkerList);
    }

    private static Contracts.Worker ToWire(WorkerView view)
    {
        var worker = view.Worker;
        return new(
            worker.Id, view.IsActive, worker.FirstSeenAt, worker.LastSeenAt, worker.Claimed, worker.Completed, worker.Failed,
            [.. view.Tasks.Select(static id => id.Value)], worker.Offer?.Queues,
            worker.Offer?.Fit.Capabilities is { Text.Length: > 0 } capabilities ? capabilities.Text.Split(' ') : null,
            worker.Offer is { Fit.ModulesOnly: true } ? true : null);
    }
}
