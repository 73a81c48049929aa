using Weft.Contracts;
using Weft.Core.UseCases;
using Weft.Http.Bounds;

namespace Weft.Http.Api;

/// <summary>Lists the workers, with what each has leased and done.</summary>
internal sealed class WorkerEndpoints(ListWorkers workers)
{
    private const int FixedBytes = 320;
    private const int EscapedBytes = 6;
    private const int TaskIdBytes = 20;
    private const int QuoteBytes = 3;

    public async Task ListAsync(HttpContext context)
    {
        var views = await workers.RunAsync();
        // Before the answer is made: all workers may be many, and their names as long as they like within bounds.
        BodyShare.CoverAnswer(context, views.Sum(static view => BytesOf(view)));
        var list = new WorkerList([.. views.Select(ToWire)]);
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, list, WireJson.Default.WorkerList);
    }

    // About: an id may have characters that JSON escapes by six bytes each.
    private static long BytesOf(WorkerView view)
    {
        var offer = view.Worker.Offer;
        return FixedBytes + EscapedBytes * view.Worker.Id.Length + TaskIdBytes * view.Tasks.Count
            + (offer?.Queues.Sum(static queue => queue.Length + QuoteBytes) ?? 0)
            + 2 * (offer?.Fit.Capabilities.Text.Length ?? 0);
    }

    private static Contracts.Worker ToWire(WorkerView view)
    {
        var worker = view.Worker;
        return new(
            worker.Id, view.IsActive, worker.FirstSeenAt, worker.LastSeenAt, worker.Claimed, worker.Completed,
            worker.Failed,
            [.. view.Tasks.Select(static id => id.Value)], worker.Offer?.Queues,
            worker.Offer?.Fit.Capabilities is { Text.Length: > 0 } capabilities ? capabilities.Text.Split(' ') : null,
            worker.Offer is { Fit.ModulesOnly: true } ? true : null);
    }
}
