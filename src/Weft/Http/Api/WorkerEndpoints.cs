using System.Globalization;
using Weft.Contracts;
using Weft.Core.UseCases;
using Weft.Http.Access;
using Weft.Http.Bounds;
using Weft.Http.Errors;
using Problem = Weft.Http.Errors.Problem;

namespace Weft.Http.Api;

/// <summary>Lists the workers, with their leased tasks and their counts.</summary>
internal sealed class WorkerEndpoints(ListWorkers workers, ProveWorkers prove, AccessControl access)
{
    private static readonly MemberNames NoNames = new();

    private const int FixedBytes = 320;
    private const int EscapedBytes = 6;
    private const int TaskIdBytes = 20;
    private const int QuoteBytes = 3;

    public async Task ListAsync(HttpContext context)
    {
        var views = await workers.RunAsync();
        // Reserve memory before building the response: there may be many workers, with names up to the limit.
        BodyShare.CoverAnswer(context, views.Sum(static view => BytesOf(view)));
        var list = new WorkerList([.. views.Select(ToWire)]);
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, list, WireJson.Default.WorkerList);
    }

    /// <summary>Gives a new worker the key that proves its identity.</summary>
    public async Task RegisterAsync(HttpContext context)
    {
        if (ReadNothing(await RequestBody.ReadAsync(context)) is { } fault)
        {
            await Problems.AnswerAsync(context, fault);
            return;
        }

        var (key, name, wait) = await prove.RegisterAsync(access.CallerOf(context), context.Connection.RemoteIpAddress);
        if (key is null)
        {
            context.Response.Headers.RetryAfter = ((long)Math.Ceiling(wait.TotalSeconds)).ToString(
                CultureInfo.InvariantCulture);
            RequestMeter.Refused(context, RefusedBy.Quota);
            await Problems.AnswerAsync(context, Problems.TooManyWorkers);
            return;
        }

        context.Response.Headers.CacheControl = "no-store";
        await ApiJson.AnswerAsync(
            context, StatusCodes.Status201Created, new WorkerRegistered(key, name), WireJson.Default.WorkerRegistered);
    }

    // The request has no members: an empty object, or no body.
    private static Problem? ReadNothing(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty) return null;
        var json = new StrictJson(body);
        var seen = 0u;
        if (json.BeginObject()) json.NextMember(NoNames, ref seen);
        return json.End();
    }

    // Approximate: an id may have characters that JSON escapes as six bytes each.
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
