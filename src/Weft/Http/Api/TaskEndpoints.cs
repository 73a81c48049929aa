using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.UseCases;
using Weft.Http.Access;
using Weft.Http.Bounds;
using Weft.Http.Errors;
using Weft.Http.Pipeline;

namespace Weft.Http.Api;

/// <summary>Reads, lists, cancels and retries tasks.</summary>
internal sealed class TaskEndpoints(
    ReadTasks read, ChangeTask change, AuditTrail audit, HeldRequests room, AccessControl access)
{
    private const TaskParts AllParts = TaskParts.Payload | TaskParts.Result | TaskParts.Checkpoint | TaskParts.Module;

    // These are paths of their own for POST: routing sends a GET of them here.
    private static readonly string[] Operations = ["claim", "settle", "batch"];

    public async Task GetAsync(HttpContext context)
    {
        if (!RequestValues.TryReadId(context, out var id))
        {
            await RefuseIdAsync(context);
            return;
        }

        if (ApiRequest.ReadWait(context, out var wait) is { } badWait)
        {
            await Problems.AnswerAsync(context, badWait);
            return;
        }

        if (await room.EnterAsync(context, wait) is not { } place) return;
        using var _ = place;
        var caller = access.CallerOf(context);
        var task = await read.WatchAsync(caller, new(id), AllParts | TaskParts.SmallOnly, wait, context.RequestAborted);
        if (access.HasEnded(context)) throw AccessControl.TokenEnded();
        if (task is null)
        {
            await Problems.AnswerAsync(context, Problems.TaskNotFound);
            return;
        }

        if (task.LargeBytes > 0)
        {
            // Memory for the stored record, and for the response, which is as large again.
            var bytes = task.LargeBytes + task.PartBytes;
            BodyShare.CoverAnswer(context, bytes);
            task = await read.FindAsync(caller, new(id), AllParts);
            if (task is null)
            {
                await Problems.AnswerAsync(context, Problems.TaskNotFound);
                return;
            }

            // A result may have been stored between the two reads.
            if (task.PartBytes > bytes) BodyShare.CoverAnswer(context, task.PartBytes - bytes);
        }

        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, task, TaskJson.Write, task.PartBytes);
    }

    public async Task ListAsync(HttpContext context)
    {
        if (TaskFilterReader.Read(context, out var filter) is { } badFilter)
        {
            await Problems.AnswerAsync(context, badFilter);
            return;
        }

        var order = filter.NewestFirst ? Cursor.Newest : Cursor.Oldest;
        if (ApiRequest.ReadPage(context, order, out var after, out var limit) is { } badPage)
        {
            await Problems.AnswerAsync(context, badPage);
            return;
        }

        var page = await read.ListAsync(access.CallerOf(context), filter,
            after is { } last ? new TaskId(last) : null, limit, context.RequestAborted);
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, (page, order), static (writer, answer) =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("tasks"u8);
            foreach (var task in answer.page.Tasks) TaskJson.Write(writer, new(task));
            writer.WriteEndArray();
            writer.WriteNumber("scanned"u8, answer.page.Scanned);
            if (answer.page.Next is { } next) writer.WriteString("next"u8, Cursor.Write(answer.order, next.Value));
            writer.WriteEndObject();
        });
    }

    public Task CancelAsync(HttpContext context) => ApplyAsync(context, "task.cancel", change.CancelAsync);

    public Task RetryAsync(HttpContext context) => ApplyAsync(context, "task.retry", change.RetryAsync);

    private async Task ApplyAsync(
        HttpContext context, string action, Func<Caller, TaskId, Task<(Refusal Refusal, StoredTask? Task)>> apply)
    {
        if (!RequestValues.TryReadId(context, out var id))
        {
            await Problems.AnswerAsync(context, ApiRequest.InvalidId);
            return;
        }

        var caller = access.CallerOf(context);
        var (refusal, task) = await apply(caller, new(id));
        if (refusal == Refusal.None) await audit.NoteAsync(caller, action, new TaskId(id).ToString());
        if (Problems.Of(refusal) is { } problem) await Problems.RefuseSubmitAsync(context, problem);
        else if (task is not null) await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, task, TaskJson.Write);
        else await Problems.AnswerAsync(context, Problems.TaskNotFound);
    }

    private static Task RefuseIdAsync(HttpContext context)
    {
        if (!Operations.Contains(context.Request.RouteValues["id"]))
            return Problems.AnswerAsync(context, ApiRequest.InvalidId);
        context.Response.Headers.Allow = HttpMethods.Post;
        return ErrorSurface.Of(context).MethodNotAllowed(context);
    }
}
