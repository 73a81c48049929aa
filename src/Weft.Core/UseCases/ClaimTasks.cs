using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Waiting;
using Weft.Core.Workers;

namespace Weft.Core.UseCases;

/// <summary>A worker asks for work, and may wait for it.</summary>
public sealed class ClaimTasks(ITaskStore store, ClaimWaitingRoom room, WorkerRegistry workers, TimeProvider time)
{
    /// <summary>Claims what is ready; else waits up to <paramref name="wait"/> (at most <see cref="Limits.WaitMax"/>).</summary>
    /// <param name="request">Who asks, and for what.</param>
    /// <param name="wait">Zero: answers at once.</param>
    /// <param name="gone">Fires when the worker has gone away: what was claimed for it meanwhile is released at once.</param>
    /// <returns>Empty when there was nothing, or the coordinator stops.</returns>
    public async Task<IReadOnlyList<ClaimedTask>> RunAsync(ClaimRequest request, TimeSpan wait, CancellationToken gone)
    {
        var worker = workers.Saw(request.WorkerId);
        if (wait <= TimeSpan.Zero) return await ClaimAsync(request, gone);
        var waiter = room.Enter(request);
        worker.BeginWait();
        using var deadline = new CancellationTokenSource(wait < Limits.WaitMax ? wait : Limits.WaitMax, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, gone);
        try
        {
            for (; ; )
            {
                var claimed = await ClaimAsync(request, gone);
                if (claimed.Count > 0) return claimed;
                await waiter.Woken.WaitAsync(end.Token);
                if (!room.Reenter(waiter)) return [];
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return [];
        }
        finally
        {
            worker.EndWait();
            workers.Saw(request.WorkerId);
            room.Leave(waiter);
        }
    }

    /// <summary>Hands over what the store has claimed: to the worker, or, when it has gone, back to the queue.</summary>
    internal async ValueTask HandOverAsync(ClaimRequest request, IReadOnlyList<ClaimedTask> claimed, CancellationToken gone)
    {
        if (claimed.Count == 0) return;
        if (!gone.IsCancellationRequested)
        {
            workers.Saw(request.WorkerId).AddClaimed(claimed.Count);
            return;
        }

        await GiveBackAsync(claimed);
        throw new OperationCanceledException(gone);
    }

    /// <summary>Takes back what can't be handed over after all; that is no failed attempt.</summary>
    public Task GiveBackAsync(IReadOnlyList<ClaimedTask> claimed) =>
        store.ApplyAsync([.. claimed.Select(static task => new TaskChange(task.Task.Id, new TaskCommand.Release(task.Task.Lease!.Token)))]);

    private async Task<IReadOnlyList<ClaimedTask>> ClaimAsync(ClaimRequest request, CancellationToken gone)
    {
        gone.ThrowIfCancellationRequested();
        var claimed = await store.ClaimAsync(request);
        await HandOverAsync(request, claimed, gone);
        return claimed;
    }
}
