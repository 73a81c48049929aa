using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Core.Workers;

namespace Weft.Core.UseCases;

/// <param name="Module">What the queue's tasks run; null: nothing.</param>
/// <param name="Workers">How many workers claim from it.</param>
/// <param name="Unserved">How many of its ready tasks none of these may run.</param>
public sealed record QueueView(QueueCounts Queue, ModuleCall? Module, int Workers, long Unserved);

public enum QueueModuleOutcome : byte
{
    Set,
    TooManyQueues,
    ModuleNotFound,
}

/// <summary>Lists queues, pauses and resumes them, and sets what their tasks run. Queues have no owners: scopes alone bound this.</summary>
public sealed class TaskQueues(ITaskStore store, IModuleStore modules, WorkerDirectory workers, TimeProvider time)
{
    /// <summary>All queues that hold tasks, are paused or name a module, by name.</summary>
    public async Task<IReadOnlyList<QueueView>> ListAsync()
    {
        var queues = await store.CountAsync();
        var named = await modules.ListQueueModulesAsync();
        var unused = named.Keys.Except(queues.Select(static queue => queue.Queue)).Select(static name => new QueueCounts(name, Paused: false, default));
        var ready = (await store.ListReadyAsync()).ToLookup(static tasks => tasks.Queue, StringComparer.Ordinal);
        var coverage = new QueueCoverage(await workers.ListAsync(), time.GetUtcNow());
        return
        [
            .. queues.Concat(unused).OrderBy(static queue => queue.Queue, StringComparer.Ordinal).Select(queue => new QueueView(
                queue, named.GetValueOrDefault(queue.Queue), coverage.WorkersOf(queue.Queue), coverage.Unserved(ready[queue.Queue]))),
        ];
    }

    /// <returns>False: there are <see cref="Limits.QueuesMax"/> others.</returns>
    public async Task<bool> SetPausedAsync(string queue, bool paused)
    {
        // A queue that holds nothing can be paused, and is remembered from then on.
        if (paused && await store.CountAsync() is { Count: >= Limits.QueuesMax } queues && queues.All(known => known.Queue != queue)) return false;
        await store.SetPausedAsync(queue, paused);
        return true;
    }

    public async Task<QueueModuleOutcome> SetModuleAsync(string queue, ModuleCall call)
    {
        var named = await modules.ListQueueModulesAsync();
        if (named.Count >= Limits.QueuesMax && !named.ContainsKey(queue)) return QueueModuleOutcome.TooManyQueues;
        return await modules.SetQueueModuleAsync(queue, call) ? QueueModuleOutcome.Set : QueueModuleOutcome.ModuleNotFound;
    }

    public Task ClearModuleAsync(string queue) => modules.SetQueueModuleAsync(queue, null);
}
