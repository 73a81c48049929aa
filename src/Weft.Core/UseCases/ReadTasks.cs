using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Waiting;

namespace Weft.Core.UseCases;

/// <summary>Reads tasks. Those that the caller may not see are treated as absent.</summary>
public sealed class ReadTasks(ITaskStore store, FinishWaitingRoom room, TimeProvider time)
{
    public Task<StoredTask?> FindAsync(Caller caller, TaskId id, TaskParts parts) =>
        caller.SeesOnly is null ? store.FindAsync(id, parts) : FindOwnAsync(caller, id, parts);

    /// <summary>
    /// The task once it is finished, or when <paramref name="wait"/> (at most <see cref="Limits.WaitMax"/>) has passed;
    /// null if it doesn't exist.
    /// </summary>
    public Task<StoredTask?> WatchAsync(Caller caller, TaskId id, TaskParts parts, TimeSpan wait,
        CancellationToken cancellationToken) =>
        wait <= TimeSpan.Zero ? FindAsync(caller, id, parts) : WaitAsync(caller, id, parts, wait, cancellationToken);

    /// <summary>The task with its attempts; null if it doesn't exist.</summary>
    public async Task<TaskHistory?> FindHistoryAsync(Caller caller, TaskId id) =>
        await store.FindHistoryAsync(id) is { } history && caller.Sees(history.Owner) ? history : null;

    public Task<TaskPage> ListAsync(
        Caller caller, TaskFilter filter, TaskId? after, int limit, CancellationToken cancellationToken) =>
        store.ListAsync(
            caller.SeesOnly is { } owner ? filter with { Owner = owner } : filter, after, limit, cancellationToken);

    private async Task<StoredTask?> FindOwnAsync(Caller caller, TaskId id, TaskParts parts)
    {
        var task = await store.FindAsync(id, parts | TaskParts.Owner);
        return task is not null && caller.Sees(task.Owner) ? task : null;
    }

    private async Task<StoredTask?> WaitAsync(Caller caller, TaskId id, TaskParts parts, TimeSpan wait,
        CancellationToken cancellationToken)
    {
        wait = caller.LimitToTokenLifetime(wait < Limits.WaitMax ? wait : Limits.WaitMax, time);
        var finished = room.Enter(id);
        try
        {
            var task = await FindAsync(caller, id, parts);
            if (task is null || task.Task.State.IsFinal) return task;
            await finished.WaitAsync(wait, time, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
        finally
        {
            room.Leave(id);
        }

        return await FindAsync(caller, id, parts);
    }
}
