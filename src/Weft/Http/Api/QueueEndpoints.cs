using Weft.Contracts;
using Weft.Core;
using Weft.Core.Modules;
using Weft.Core.UseCases;
using Weft.Http.Access;
using Weft.Http.Bounds;
using Weft.Http.Errors;

namespace Weft.Http.Api;

/// <summary>Lists, pauses, resumes and purges queues.</summary>
internal sealed class QueueEndpoints(TaskQueues queues, CancelTasks cancel, AuditTrail audit, AccessControl access)
{
    // The size of one queue in a response, without its run.
    private const long QueueBytes = 512;

    public async Task ListAsync(HttpContext context)
    {
        var badLimit = ApiRequest.ReadLimit(context, out var limit, Limits.ListPageMax);
        if ((Cursor.ReadName(context, out var after) ?? badLimit) is { } problem)
        {
            await Problems.AnswerAsync(context, problem);
            return;
        }

        var page = await queues.ListAsync(after, limit);
        BodyShare.CoverAnswer(context, page.RunBytes + page.Queues.Count * QueueBytes);
        var modules = await queues.ReadModulesAsync(page);
        var list = new QueueList([.. page.Queues.Select(view => ToWire(view, modules))], page.Next);
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, list, WireJson.Default.QueueList);
    }

    public async Task GetAsync(HttpContext context)
    {
        if (ApiRequest.ReadQueue(context, out var name) is { } problem)
        {
            await Problems.AnswerAsync(context, problem);
            return;
        }

        var (view, lanes) = await queues.FindAsync(name);
        var queue = view.Queue;
        var detail = new Contracts.QueueDetail(
            queue.Queue, queue.Paused, queue.Counts.ToWire(), view.Workers, view.Unserved,
            [.. lanes.Select(static lane => new Contracts.QueueLane(
                lane.Tasks.Requires.Labels, lane.Tasks.Count, lane.Workers))]);
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, detail, WireJson.Default.QueueDetail);
    }

    public Task PauseAsync(HttpContext context) => SetPausedAsync(context, paused: true);

    public Task ResumeAsync(HttpContext context) => SetPausedAsync(context, paused: false);

    /// <summary>Cancels the tasks that no worker has yet.</summary>
    public async Task PurgeAsync(HttpContext context)
    {
        if (ApiRequest.ReadQueue(context, out var queue) is { } problem)
        {
            await Problems.AnswerAsync(context, problem);
            return;
        }

        var cancelled = await cancel.WaitingInAsync(queue, context.RequestAborted);
        await audit.NoteAsync(access.CallerOf(context), "queue.purge", queue, $"{cancelled} cancelled");
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, new CancelOutcome(cancelled),
            WireJson.Default.CancelOutcome);
    }

    private static Queue ToWire(QueueView view, IReadOnlyDictionary<string, ModuleCall> modules)
    {
        var queue = view.Queue;
        var module = modules.GetValueOrDefault(queue.Queue)?.ToWire();
        return new(queue.Queue, queue.Paused, queue.Counts.ToWire(), module?.Module, module?.Run, view.Workers,
            view.Unserved);
    }

    private async Task SetPausedAsync(HttpContext context, bool paused)
    {
        if (ApiRequest.ReadQueue(context, out var queue) is { } problem)
        {
            await Problems.AnswerAsync(context, problem);
            return;
        }

        if (!await queues.SetPausedAsync(queue, paused))
        {
            await Problems.AnswerAsync(context, Problems.TooManyQueues);
            return;
        }

        await audit.NoteAsync(access.CallerOf(context), paused ? "queue.pause" : "queue.resume", queue);
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, new QueuePause(paused),
            WireJson.Default.QueuePause);
    }
}
