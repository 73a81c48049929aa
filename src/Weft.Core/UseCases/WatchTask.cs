using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Waiting;

namespace Weft.Core.UseCases;

/// <summary>Somebody looks at a task, and may wait until it is finished.</summary>
public sealed class WatchTask(ITaskStore store, FinishWaitingRoom room, TimeProvider time)
{
    /// <summary>The task as it is once finished, or when <paramref name="wait"/> (at most <see cref="Limits.WaitMax"/>) is over; null when there is none.</summary>
    /// <param name="owner">Whose task it must be: one of others counts as absent, and isn't waited for either. Null: anybody's.</param>
    public async Task<StoredTask?> RunAsync(TaskId id, TaskParts parts, TimeSpan wait, TokenId? owner, CancellationToken gone)
    {
        if (owner is null) return await RunAsync(id, parts, wait, gone);
        var seen = await store.FindAsync(id, parts | TaskParts.Owner);
        if (seen is null || seen.Owner != owner) return null;
        return wait <= TimeSpan.Zero || seen.Task.State.IsFinal ? seen : await RunAsync(id, parts, wait, gone);
    }

    private async Task<StoredTask?> RunAsync(TaskId id, TaskParts parts, TimeSpan wait, CancellationToken gone)
    {
        if (wait <= TimeSpan.Zero) return await store.FindAsync(id, parts);
        var finished = room.Enter(id);
        try
        {
            var task = await store.FindAsync(id, parts);
            if (task is null || task.Task.State.IsFinal) return task;
            await finished.WaitAsync(wait < Limits.WaitMax ? wait : Limits.WaitMax, time, gone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            gone.ThrowIfCancellationRequested();
        }
        finally
        {
            room.Leave(id);
        }

        return await store.FindAsync(id, parts);
    }
}
