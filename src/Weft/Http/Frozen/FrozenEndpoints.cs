using Microsoft.AspNetCore.Http.Features;
using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.UseCases;
using Weft.Http.Access;
using Weft.Http.Api;
using Weft.Http.Bounds;
using Weft.Http.Errors;
using Weft.Http.Pipeline;

namespace Weft.Http.Frozen;

/// <summary>
/// The endpoints for the existing compiled clients: their paths, statuses, members and types never change. A handler
/// only translates; bodies are passed on as bytes.
/// </summary>
internal sealed class FrozenEndpoints(
    SubmitTasks submit, ClaimTasks claim, SettleTasks settle, ReadTasks read, HeldRequests room, AccessControl access,
    ServeBounds bounds)
{
    private const string WorkerUnknown = "unknown";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/task", SubmitAsync).RequireScopeOnFrozen(Scope.Submit);
        // No HEAD: it would claim a task, and its response couldn't carry it.
        routes.MapGet("/task/next", ClaimAsync).RequireScopeOnFrozen(Scope.Work);
        routes.MapPost("/task/{id}/result", CompleteAsync).RequireScopeOnFrozen(Scope.Work);
        routes.MapRead("/result/{id}", ReadAsync).RequireScopeOnFrozen(Scope.Submit | Scope.Read);
    }

    private async Task SubmitAsync(HttpContext context)
    {
        var caller = access.CallerOf(context);
        // Before the body is read, as always.
        if (!caller.MayUse(Limits.QueueDefault))
        {
            await FrozenErrors.QueueForbidden(context);
            return;
        }

        var body = await RequestBody.ReadAsync(context, Admission.NewWork);
        if (await RefusesAsync(context, body)) return;

        var payload = new Payload(body, JsonBytes.IsJson(body.Span));
        // Control characters make a text six times as long as a JSON string; a response's memory allows for twice.
        if (payload.WireBytes > 2 * context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize)
        {
            await ErrorSurface.Of(context).BadRequest(context, StatusCodes.Status413PayloadTooLarge);
            return;
        }

        var outcome = await submit.RunAsync(caller,
            new NewTask { Payload = payload, Trace = TraceHeaders.Read(context.Request) });
        if (outcome.Status == SubmitStatus.OwnerStoreFull) await FrozenErrors.TooMuchStored(context);
        else if (outcome.Ids.Count == 0) await FrozenErrors.TooManyUnfinished(context);
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
        var caller = access.CallerOf(context);
        var request =
            new ClaimRequest { WorkerId = workerId, Queues = caller.QueuesDefault, UntokenedOnly = caller.IsUntokened };
        if (await claim.RunAsync(caller, request, wait, context.RequestAborted) is not { } claimed)
        {
            await FrozenErrors.QueueForbidden(context);
            return;
        }

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

        var outcomes = await settle.RunAsync(access.CallerOf(context), workerId: null,
            [new(id, new TaskCommand.Complete(null, result))]);
        // Any other refusal means that the task is already finished: on this surface that is a success that changes
        // nothing.
        if (outcomes[0].Refusal == Refusal.NotFound) await FrozenErrors.TaskNotFound(context);
        else await JsonResponse.WriteAsync(context, Success);
    }

    private async Task ReadAsync(HttpContext context)
    {
        if (!TryReadId(context, out var id))
        {
            await FrozenErrors.InvalidTaskId(context);
            return;
        }

        if (await read.FindAsync(access.CallerOf(context), id, TaskParts.Result | TaskParts.SmallOnly) is { } task)
            await AnswerAsync(context, task);
        else await FrozenErrors.TaskNotFound(context);
    }

    private async Task AnswerAsync(HttpContext context, StoredTask task)
    {
        // Memory for the stored result, and for the response. A result is final, so it has the same size when it is
        // read again.
        BodyShare.CoverAnswer(context, task.LargeBytes);
        var whole = task.LargeBytes == 0 ? task
            : await read.FindAsync(access.CallerOf(context), task.Task.Id, TaskParts.Result);
        if (whole is not null) await FrozenResult.WriteAsync(context, whole);
        else await FrozenErrors.TaskNotFound(context);
    }

    private static readonly byte[] Success = """{"status":"success"}"""u8.ToArray();

    /// <summary>True if the body is empty or not UTF-8, and the error has been sent.</summary>
    private static async ValueTask<bool> RefusesAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty) await FrozenErrors.EmptyBody(context);
        else if (!JsonBytes.IsUtf8(body.Span)) await FrozenErrors.NotUtf8(context);
        else return false;
        return true;
    }

    private static bool TryReadId(HttpContext context, out TaskId id)
    {
        var isValid = RequestValues.TryReadId(context, out var value);
        id = new(value);
        return isValid;
    }

    private static bool TryReadWait(string? text, out TimeSpan wait)
    {
        wait = default;
        return string.IsNullOrEmpty(text) || RequestValues.TryParseWait(text, out wait);
    }
}
