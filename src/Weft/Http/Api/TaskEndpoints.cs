using System.Globalization;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.UseCases;
using Weft.Http.Access;
using Weft.Http.Bounds;

namespace Weft.Http.Api;

/// <summary>Somebody looks at tasks, calls one off, or wants a dead one run again.</summary>
internal sealed class TaskEndpoints(ITaskStore store, WatchTask watch, HeldRequests room, AccessControl access)
{
    private const TaskParts AllParts = TaskParts.Payload | TaskParts.Result | TaskParts.Checkpoint | TaskParts.Module;

    public async Task GetAsync(HttpContext context)
    {
        if (!ApiRequest.TryReadId(context, out var id))
        {
            await Problems.AnswerAsync(context, ApiRequest.InvalidId);
            return;
        }

        if (ApiRequest.ReadWait(context, out var wait) is { } badWait)
        {
            await Problems.AnswerAsync(context, badWait);
            return;
        }

        if (await room.EnterAsync(context, wait) is not { } place) return;
        using var _ = place;
        var task = await watch.RunAsync(new(id), AllParts, access.Cut(context, wait), access.CallerOf(context).SeesOnly, context.RequestAborted);
        if (access.HasEnded(context)) throw AccessMiddleware.TokenEnded();
        if (task is null) await Problems.AnswerAsync(context, Problems.Of(Refusal.NotFound)!);
        else await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, task, TaskJson.Write);
    }

    public async Task ListAsync(HttpContext context)
    {
        if (ReadFilter(context, out var filter) is { } badFilter)
        {
            await Problems.AnswerAsync(context, badFilter);
            return;
        }

        var order = filter.NewestFirst ? Cursor.Newest : Cursor.Oldest;
        var badLimit = ApiRequest.ReadLimit(context, out var limit);
        if ((Cursor.Read(context, order, out var after) ?? badLimit) is { } badPage)
        {
            await Problems.AnswerAsync(context, badPage);
            return;
        }

        if (access.CallerOf(context).SeesOnly is { } owner) filter = filter with { Owner = owner };
        var page = await store.ListAsync(filter, after is { } last ? new TaskId(last) : null, limit);
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, (page, order), static (writer, answer) =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("tasks"u8);
            foreach (var task in answer.page.Tasks) TaskJson.Write(writer, new(task));
            writer.WriteEndArray();
            if (answer.page.Next is { } next) writer.WriteString("next"u8, Cursor.Write(answer.order, next.Value));
            writer.WriteEndObject();
        });
    }

    public Task CancelAsync(HttpContext context) => ApplyAsync(context, TaskCommand.Cancel.Instance);

    public Task RetryAsync(HttpContext context) => ApplyAsync(context, TaskCommand.Retry.Instance);

    private async Task ApplyAsync(HttpContext context, TaskCommand command)
    {
        if (!ApiRequest.TryReadId(context, out var id))
        {
            await Problems.AnswerAsync(context, ApiRequest.InvalidId);
            return;
        }

        var owner = access.CallerOf(context).ChangesOnly;
        var refusal = owner is null || (await store.FindAsync(new(id), TaskParts.Owner))?.Owner == owner
            ? (await store.ApplyAsync([new(new(id), command)]))[0]
            : Refusal.NotFound;
        if (Problems.Of(refusal) is { } problem)
        {
            await Problems.AnswerAsync(context, problem);
            return;
        }

        // Null: retention came between. The command was carried out all the same.
        if (await AfterChange.GoOnAsync(store.FindAsync(new(id), TaskParts.Record)) is { } task) await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, task, TaskJson.Write);
        else await Problems.AnswerAsync(context, Problems.Of(Refusal.NotFound)!);
    }

    private static Problem? ReadFilter(HttpContext context, out TaskFilter filter)
    {
        filter = new();
        var query = context.Request.Query;
        if (query.TryGetValue("state", out var stateText))
        {
            if (!TaskJson.TryParseState(stateText.ToString(), out var state)) return Problems.InvalidRequest.With("state must be scheduled, ready, leased, completed, dead or cancelled.");
            filter = filter with { State = state };
        }

        if (query.TryGetValue("queue", out var queue))
        {
            if (!QueueName.IsValid(queue.ToString())) return Problems.InvalidRequest.With(ApiRequest.QueueRule("queue"));
            filter = filter with { Queue = queue.ToString() };
        }

        if (query.TryGetValue("group", out var groupText))
        {
            if (!long.TryParse(groupText, NumberStyles.None, CultureInfo.InvariantCulture, out var group) || group == 0) return Problems.InvalidRequest.With("group must be a whole number from 1.");
            filter = filter with { Group = new(group) };
        }

        if (!query.TryGetValue("order", out var order)) return null;
        filter = filter with { NewestFirst = order == "newest" };
        return order == "newest" || order == "oldest" ? null : Problems.InvalidRequest.With("order must be oldest or newest.");
    }
}
