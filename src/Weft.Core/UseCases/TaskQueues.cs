using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Core.Workers;

namespace Weft.Core.UseCases;

/// <param name="RunBytes">The size of its run as JSON; null: it has no module.</param>
/// <param name="Workers">How many workers claim from it.</param>
/// <param name="Unserved">How many of its ready tasks none of these can run.</param>
public sealed record QueueView(QueueCounts Queue, long? RunBytes, int Workers, long Unserved);

/// <param name="Queues">By name.</param>
/// <param name="Next">The last of them, if there are more.</param>
public sealed record QueuePage(IReadOnlyList<QueueView> Queues, string? Next)
{
    /// <summary>For all runs that <see cref="TaskQueues.ReadModulesAsync"/> reads.</summary>
    public long RunBytes => Queues.Sum(static queue => queue.RunBytes ?? 0);
}

/// <summary>Ready tasks of one queue with the same requirements, and the workers that can run them.</summary>
public readonly record struct QueueLane(ReadyTasks Tasks, int Workers);

/// <param name="Lanes">Its ready tasks by requirements, largest first; at most
/// <see cref="Limits.LanesListedMax"/>.</param>
public sealed record QueueDetail(QueueView View, IReadOnlyList<QueueLane> Lanes);

public enum QueueModuleOutcome : byte
{
    Set,
    TooManyQueues,
    ModuleNotFound,
    BlobNotFound,

    /// <summary>
    /// The runs of all queues, with their files' names, would exceed <see cref="Limits.QueueRunsBytesMax"/>.
    /// </summary>
    RunsTooLarge,
}

/// <summary>
/// Lists, pauses and resumes queues, and sets their modules. Queues have no owners: only scopes restrict access.
/// </summary>
public sealed class TaskQueues(ITaskStore store, IModuleStore modules, WorkerDirectory workers, TimeProvider time)
{
    private readonly SharedRead<Look> _looks = new(() => LookAsync(store, modules, workers, time));

    /// <summary>
    /// Queues that hold tasks, are paused or have a module, by name. A page ends early if their runs have more than
    /// <see cref="Limits.QueuesPageRunBytesMax"/>.
    /// </summary>
    /// <param name="after">Queues after this name; null: from the first.</param>
    /// <param name="limit">Maximum number of queues.</param>
    public async Task<QueuePage> ListAsync(string? after, int limit)
    {
        var look = await _looks.ReadAsync();
        var page = new List<QueueView>();
        var runBytes = 0L;
        foreach (var queue in look.Queues)
        {
            if (after is not null && string.CompareOrdinal(queue.Queue, after) <= 0) continue;
            long? bytes = look.RunBytes.TryGetValue(queue.Queue, out var known) ? known : null;
            runBytes += bytes ?? 0;
            var isFull = page.Count == limit || runBytes > Limits.QueuesPageRunBytesMax;
            if (page.Count > 0 && isFull) return new(page, page[^1].Queue.Queue);
            page.Add(new(
                queue, bytes, look.Coverage.WorkersOf(queue.Queue), look.Coverage.Unserved(look.Ready[queue.Queue])));
        }

        return new(page, null);
    }

    /// <summary>One queue, with its waiting tasks. An unknown queue looks like an empty one.</summary>
    public async Task<QueueDetail> FindAsync(string name)
    {
        var look = await _looks.ReadAsync();
        var queue = Array.Find(look.Queues, queue => queue.Queue == name) ?? new(name, Paused: false, default);
        var ready = look.Ready[name];
        var view = new QueueView(
            queue, RunBytes: null, look.Coverage.WorkersOf(name), look.Coverage.Unserved(ready));
        var lanes = ready.OrderByDescending(static tasks => tasks.Count).Take(Limits.LanesListedMax);
        return new(view, [.. lanes.Select(tasks => new QueueLane(tasks, look.Coverage.WorkersFor(tasks)))]);
    }

    /// <summary>The modules of a page's queues.</summary>
    public Task<IReadOnlyDictionary<string, ModuleCall>> ReadModulesAsync(QueuePage page) =>
        modules.ListQueueModulesAsync(
            [.. page.Queues.Where(static queue => queue.RunBytes is not null)
                .Select(static queue => queue.Queue.Queue)]);

    /// <returns>False: there are already <see cref="Limits.QueuesMax"/> others.</returns>
    public async Task<bool> SetPausedAsync(string queue, bool paused)
    {
        // An empty queue can be paused, and is remembered from then on.
        if (paused && await store.CountAsync() is { Count: >= Limits.QueuesMax } queues
            && queues.All(known => known.Queue != queue)) return false;
        await store.SetPausedAsync(queue, paused);
        return true;
    }

    public async Task<QueueModuleOutcome> SetModuleAsync(string queue, ModuleCall call, FileSet? files)
    {
        var sizes = await modules.ListQueueRunSizesAsync();
        if (sizes.Count >= Limits.QueuesMax && !sizes.ContainsKey(queue)) return QueueModuleOutcome.TooManyQueues;
        var others = sizes.Sum(static size => size.Value) - sizes.GetValueOrDefault(queue);
        var bytes = (call.Run?.Length ?? 0) + (files?.Json.Length ?? 0);
        if (bytes > 0 && others + bytes > Limits.QueueRunsBytesMax) return QueueModuleOutcome.RunsTooLarge;
        return await modules.SetQueueModuleAsync(queue, call, files) switch
        {
            SubmitStatus.ModuleNotFound => QueueModuleOutcome.ModuleNotFound,
            SubmitStatus.BlobNotFound => QueueModuleOutcome.BlobNotFound,
            _ => QueueModuleOutcome.Set,
        };
    }

    public Task ClearModuleAsync(string queue) => modules.SetQueueModuleAsync(queue, null);

    private static async Task<Look> LookAsync(
        ITaskStore store, IModuleStore modules, WorkerDirectory workers, TimeProvider time)
    {
        var queues = await store.CountAsync();
        var runBytes = await modules.ListQueueRunSizesAsync();
        var unused = runBytes.Keys.Except(queues.Select(static queue => queue.Queue))
            .Select(static name => new QueueCounts(name, Paused: false, default));
        var ready = (await store.ListReadyAsync()).ToLookup(static tasks => tasks.Queue, StringComparer.Ordinal);
        var coverage = new QueueCoverage(await workers.ListAsync(), time.GetUtcNow());
        return new(
            [.. queues.Concat(unused).OrderBy(static queue => queue.Queue, StringComparer.Ordinal)], runBytes, ready,
            coverage);
    }

    /// <summary>
    /// All queues at one moment: its cost grows with their number, and simultaneous callers share one read.
    /// </summary>
    private sealed record Look(
        QueueCounts[] Queues, IReadOnlyDictionary<string, long> RunBytes, ILookup<string, ReadyTasks> Ready,
        QueueCoverage Coverage);
}
