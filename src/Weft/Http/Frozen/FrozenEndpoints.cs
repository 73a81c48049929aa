using System.Globalization;
using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.UseCases;
using Weft.Http.Access;
using Weft.Http.Api;
using Weft.Http.Bounds;
using Weft.Serve;

namespace Weft.Http.Frozen;

/// <summary>
/// The endpoints that clients compiled years ago speak: their paths, statuses, members and types never change.
/// A handler only translates; bodies go through as bytes.
/// </summary>
internal sealed class FrozenEndpoints(ITaskStore store, ClaimTasks claim, HeldRequests room, AccessControl access, ServeBounds bounds)
{
    private const string WorkerUnknown = "unknown";
    private static readonly string[] Queues = [Limits.QueueDefault];

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/task", SubmitAsync).RequireScopeOnFrozen(Scope.Submit);
        routes.MapGet("/task/next", ClaimAsync).RequireScopeOnFrozen(Scope.Work);
        routes.MapPost("/task/{id}/result", CompleteAsync).RequireScopeOnFrozen(Scope.Work);
        routes.MapGet("/result/{id}", ReadAsync).RequireScopeOnFrozen(Scope.Submit | Scope.Read);
    }

    private async Task SubmitAsync(HttpContext context)
    {
        var caller = access.CallerOf(context);
        if (!caller.MayUse(Limits.QueueDefault))
        {
            await FrozenErrors.Forbidden(context);
            return;
        }

        var body = await RequestBody.ReadAsync(context, Urgency.BringsWork);
        if (await RefusesAsync(context, body)) return;

        var outcome = await store.SubmitAsync(new([new NewTask { Payload = new(body, JsonBytes.IsJson(body.Span)) }], Owner: caller.Owner));
        if (outcome.Status == SubmitStatus.OwnerFull) await FrozenErrors.TooManyUnfinished(context);
        else await JsonResponse.WriteAsync(context, "{\"taskId\":"u8, outcome.Ids[0].Value, default, default, "}"u8);
    }

    private async Task ClaimAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var workerId = query["workerId"].ToString() is { Length: > 0 } given ? given : WorkerUnknown;
        if (workerId.Length > Limits.WorkerIdCharsMax)
        {
            await FrozenErrors.InvalidWorkerId(context);
            return;
        }

        if (!TryReadWait(query["wait"], out var wait))
        {
            await FrozenErrors.InvalidWait(context);
            return;
        }

        if (await room.EnterAsync(context, wait) is not { } place) return;
        using var _ = place;
        var claimed = await claim.RunAsync(new() { WorkerId = workerId, Queues = QueuesOf(context) ?? Queues }, access.Cut(context, wait), context.RequestAborted);
        await ClaimEndpoint.EnsureMayAnswerAsync(context, access, claim, claimed);
        if (claimed.Count == 0)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            context.Response.Headers.CacheControl = "no-store";
            return;
        }

        var task = claimed[0];
        var data = task.Payload.IsJson ? task.Payload.Bytes : JsonResponse.Quote(task.Payload.Bytes.Span);
        await JsonResponse.WriteAsync(context, "{\"taskId\":"u8, task.Task.Id.Value, ",\"data\":"u8, data.Span, "}"u8);
    }

    private async Task CompleteAsync(HttpContext context)
    {
        if (!TryReadId(context, out var id))
        {
            await FrozenErrors.InvalidTaskId(context);
            return;
        }

        var body = await RequestBody.ReadAsync(context);
        if (await RefusesAsync(context, body)) return;

        var result = JsonBytes.ExtractResult(body);
        if (result.Length > bounds.ResultBytes)
        {
            await FrozenErrors.ResultTooLarge(context);
            return;
        }

        var change = new TaskChange(id, new TaskCommand.Complete(null, result)) { Queues = QueuesOf(context) };
        var refusals = await store.ApplyAsync([change]);
        // Any other refusal means that the task is finished already: to this surface that is a success that changes nothing.
        if (refusals[0] == Refusal.NotFound) await FrozenErrors.TaskNotFound(context);
        else await JsonResponse.WriteAsync(context, Success);
    }

    private async Task ReadAsync(HttpContext context)
    {
        if (!TryReadId(context, out var id))
        {
            await FrozenErrors.InvalidTaskId(context);
            return;
        }

        var owner = access.CallerOf(context).SeesOnly;
        var task = await store.FindAsync(id, owner is null ? TaskParts.Result : TaskParts.Result | TaskParts.Owner);
        if (task is not null && (owner is null || task.Owner == owner)) await FrozenResult.WriteAsync(context, task);
        else await FrozenErrors.TaskNotFound(context);
    }

    /// <summary>The queues of a token that is bound to some; null: it isn't.</summary>
    private IReadOnlyList<string>? QueuesOf(HttpContext context) => access.CallerOf(context).Queues is { Count: > 0 } queues ? queues : null;

    private static readonly byte[] Success = """{"status":"success"}"""u8.ToArray();

    /// <summary>True when the body is empty or not UTF-8, and the client has been told.</summary>
    private static async ValueTask<bool> RefusesAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty) await FrozenErrors.EmptyBody(context);
        else if (!JsonBytes.IsUtf8(body.Span)) await FrozenErrors.NotUtf8(context);
        else return false;
        return true;
    }

    private static bool TryReadId(HttpContext context, out TaskId id)
    {
        var valid = long.TryParse(context.Request.RouteValues["id"] as string, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0;
        id = new(value);
        return valid;
    }

    private static bool TryReadWait(string? text, out TimeSpan wait)
    {
        wait = default;
        if (string.IsNullOrEmpty(text)) return true;
        var valid = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds <= Limits.WaitMax.TotalSeconds;
        if (valid) wait = TimeSpan.FromSeconds(seconds);
        return valid;
    }
}
