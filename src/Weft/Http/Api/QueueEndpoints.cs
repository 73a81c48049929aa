using Weft.Contracts;
using Weft.Core.UseCases;
using Weft.Http.Access;
using Weft.Http.Errors;

namespace Weft.Http.Api;

/// <summary>Lists queues, pauses and resumes them, and cancels what waits in one.</summary>
internal sealed class QueueEndpoints(TaskQueues queues, CancelTasks cancel, AuditTrail audit, AccessControl access)
{
    public async Task ListAsync(HttpContext context)
    {
        var list = new QueueList([.. (await queues.ListAsync()).Select(ToWire)]);
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, list, WireJson.Default.QueueList);
    }

    public Task PauseAsync(HttpContext context) => SetPausedAsync(context, paused: true);

    public Task ResumeAsync(HttpContext context) => SetPausedAsync(context, paused: false);

    /// <summary>Cancels what no worker has yet.</summary>
    public async Task PurgeAsync(HttpContext context)
    {
        if (ApiRequest.ReadQueue(context, out var queue) is { } problem)
        {
            await Problems.AnswerAsync(context, problem);
            return;
        }

        var cancelled = await cancel.WaitingInAsync(queue, context.RequestAborted);
        await audit.NoteAsync(access.CallerOf(context), "queue.purge", queue, $"{cancelled} cancelled");
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, new CancelOutcome(cancelled), WireJson.Default.CancelOutcome);
    }

    private static Queue ToWire(QueueView view)
    {
        var module = view.Module?.ToWire();
        var queue = view.Queue;
        return new(queue.Queue, queue.Paused, queue.Counts.ToWire(), module?.Module, module?.Run, view.Workers, view.Unserved);
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
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, new QueuePause(paused), WireJson.Default.QueuePause);
    }
}
