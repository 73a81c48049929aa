using Weft.Contracts;
using Weft.Core;
using Weft.Core.Modules;
using Weft.Core.Storage;

namespace Weft.Http.Api;

/// <summary>Queues: what they hold, paused and resumed, and emptied of what waits.</summary>
internal sealed class QueueEndpoints(ITaskStore store, IModuleStore modules)
{
    public async Task ListAsync(HttpContext context)
    {
        var queues = await store.CountAsync();
        var named = await modules.ListQueueModulesAsync();
        var unused = named.Keys.Except(queues.Select(static queue => queue.Queue)).Select(static name => new QueueCounts(name, Paused: false, default));
        var list = new QueueList([.. queues.Concat(unused).OrderBy(static queue => queue.Queue, StringComparer.Ordinal).Select(queue => ToWire(queue, named))]);
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

        var cancelled = await GroupEndpoints.CancelAllAsync(store, CancelSelection.WaitingIn(queue), context.RequestAborted);
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, new CancelOutcome(cancelled), WireJson.Default.CancelOutcome);
    }

    private static Queue ToWire(QueueCounts queue, IReadOnlyDictionary<string, ModuleCall> named)
    {
        var call = named.GetValueOrDefault(queue.Queue)?.ToWire();
        return new(queue.Queue, queue.Paused, queue.Counts.ToWire(), call?.Module, call?.Run);
    }

    private async Task SetPausedAsync(HttpContext context, bool paused)
    {
        if (ApiRequest.ReadQueue(context, out var queue) is { } problem)
        {
            await Problems.AnswerAsync(context, problem);
            return;
        }

        if (paused && await IsOneTooManyAsync(queue))
        {
            await Problems.AnswerAsync(context, Problems.Of(SubmitStatus.TooManyQueues)!);
            return;
        }

        await store.SetPausedAsync(queue, paused);
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, new QueuePause(paused), WireJson.Default.QueuePause);
    }

    // A queue that nothing was submitted to can be paused, and is then remembered.
    private async Task<bool> IsOneTooManyAsync(string queue)
    {
        var queues = await store.CountAsync();
        return queues.Count >= Limits.QueuesMax && queues.All(known => known.Queue != queue);
    }
}
