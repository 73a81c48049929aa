using Weft.Core.Access;
using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Core.UseCases;

/// <summary>
/// Stores a file that a task wrote: a blob of the task's owner, pushed by the worker that holds the task.
/// </summary>
public sealed class PushOutput(ITaskStore tasks, PushBlob push)
{
    public BlobBounds Bounds => push.Bounds;

    /// <param name="caller">The worker. A task of a queue that it may not use is treated as absent.</param>
    /// <param name="task">The task that wrote it.</param>
    /// <param name="lease">The task's newest lease token.</param>
    /// <param name="hash">The hash of the whole file.</param>
    /// <param name="size">The size of the whole file, in bytes.</param>
    /// <param name="offset">Where <paramref name="body"/> begins.</param>
    /// <param name="body">Some of the bytes, or the rest.</param>
    /// <returns>The outcome of the push, or why the task refuses it.</returns>
    public async Task<(Refusal Refusal, BlobPushed Pushed)> RunAsync(
        Caller caller, TaskId task, LeaseToken lease, ModuleHash hash, long size, long offset, Stream body,
        CancellationToken requestAborted)
    {
        var stored = await tasks.FindAsync(task, TaskParts.Owner | TaskParts.Module);
        if (stored is null || !MayHave(caller, stored)) return (Refusal.NotFound, default);
        var refusal = RefusalOf(stored.Task, lease);
        if (refusal != Refusal.None) return (refusal, default);
        // A task whose submitter requested no outputs accepts none.
        var bytesMax = Math.Min(RunBytes.OutputBytesOf(stored.Module?.Run), Bounds.OutputBytesMax);
        var share = new OutputShare(task, lease, bytesMax);
        return (Refusal.None,
            await push.RunAsync(stored.Owner, share, hash, size, offset, body, requestAborted));
    }

    private static bool MayHave(Caller caller, StoredTask stored) =>
        (caller.Queues.Count == 0 || caller.Queues.Contains(stored.Task.Queue, StringComparer.Ordinal))
            && (!caller.IsUntokened || stored.Owner == caller.Owner);

    private static Refusal RefusalOf(TaskRecord task, LeaseToken lease)
    {
        if (task.State == TaskState.Cancelled) return Refusal.Cancelled;
        if (task.State.IsFinal) return Refusal.AlreadyFinished;
        return task.Lease?.Token == lease ? Refusal.None : Refusal.StaleLease;
    }
}
