using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Core.UseCases;

/// <summary>Cancels many tasks, in batches of limited size so that other callers get their turn.</summary>
public sealed class CancelTasks(ITaskStore store) : IDisposable
{
    // One at a time: each reads its whole selection on the writer, and one client could request many.
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>Cancels all unfinished tasks of a group.</summary>
    /// <returns>How many there were; null: the group doesn't exist, or the caller may not change it.</returns>
    public async Task<int?> OfGroupAsync(Caller caller, GroupId id, CancellationToken cancellationToken)
    {
        if (!await MayCancelAsync()) return null;
        await _gate.WaitAsync(cancellationToken);
        try
        {
            // The previous caller may have left nothing to do.
            if ((await store.FindGroupAsync(id))?.Counts.Unfinished is not > 0) return 0;
            return await RunAsync(CancelSelection.Of(id), cancellationToken);
        }
        finally
        {
            _gate.Release();
        }

        async Task<bool> MayCancelAsync() =>
            await store.FindGroupAsync(id) is { } group && caller.MayChange(group.Owner);
    }

    /// <summary>Cancels a queue's scheduled and ready tasks, and returns their number.</summary>
    public async Task<int> WaitingInAsync(string queue, CancellationToken cancellationToken) =>
        await RunAsync(CancelSelection.WaitingIn(queue), cancellationToken);

    public void Dispose() => _gate.Dispose();

    private async Task<int> RunAsync(CancelSelection selection, CancellationToken cancellationToken)
    {
        var cancelled = 0;
        for (CancelSelection? rest = selection; rest is not null; cancellationToken.ThrowIfCancellationRequested())
        {
            var next = store.CancelAsync(rest, Limits.SweepBatchMax);
            (var count, rest) = await (cancelled == 0 ? next : OutcomeUnknownGuard.RunAsync(next));
            cancelled += count;
        }

        return cancelled;
    }
}
