using Weft.Core.Access;
using Weft.Core.Metrics;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Waiting;
using Weft.Core.Workers;

namespace Weft.Core.UseCases;

/// <summary>Claims tasks for a worker, which may wait for them.</summary>
public sealed class ClaimTasks(
    ITaskStore store, ClaimWaitingRoom room, WorkerRegistry workers, ClaimMeter meter, TimeProvider time)
{
    /// <summary>
    /// Claims ready tasks; if there are none, waits up to <paramref name="wait"/> (at most
    /// <see cref="Limits.WaitMax"/>).
    /// </summary>
    /// <param name="caller">Must be allowed to use every queue of the request.</param>
    /// <param name="request">The worker, and what it claims.</param>
    /// <param name="wait">Zero: answers at once. Cut short when the caller's token expires.</param>
    /// <param name="requestAborted">Fires when the worker has disconnected: tasks claimed for it in the meantime are
    /// released at once.</param>
    /// <returns>Empty: there were no tasks, or the coordinator is stopping. Null: the caller may not claim
    /// this.</returns>
    public async Task<IReadOnlyList<ClaimedTask>?> RunAsync(Caller caller, ClaimRequest request, TimeSpan wait,
        CancellationToken requestAborted)
    {
        if (!MayClaim(caller, request)) return null;
        var worker = Note(request);
        if (wait > TimeSpan.Zero)
            wait = caller.LimitToTokenLifetime(wait < Limits.WaitMax ? wait : Limits.WaitMax, time);
        if (wait <= TimeSpan.Zero) return Count(await ClaimAsync(request, requestAborted));
        HashSet<string>? held = null;
        if (request.Identity is not null)
        {
            request = request with { Held = queue => (held ??= new(StringComparer.Ordinal)).Add(queue) };
        }

        ReadyTasks? wokenFor = null;
        var waiter = room.Enter(request);
        worker.BeginWait();
        using var deadline = new CancellationTokenSource(wait, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, requestAborted);
        try
        {
            for (long? wokenAt = null; ; wokenAt = waiter.WokenAt)
            {
                held = null;
                var claimed = await ClaimAsync(request, requestAborted);
                if (wokenAt is not null) room.Looked(waiter, hasFound: claimed.Count > 0);
                if (held is not null) room.Hold(waiter, held, wokenFor, claimed.Count);
                if (claimed.Count > 0)
                {
                    if (wokenAt is null) return Count(claimed);
                    meter.Woke(wokenAt.Value);
                    return claimed;
                }

                await waiter.Woken.WaitAsync(end.Token);
                wokenFor = waiter.WokenFor;
                if (!room.Reenter(waiter)) return Count([]);
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return Count([]);
        }
        catch (OperationCanceledException gone) when (gone.CancellationToken == end.Token)
        {
            meter.Count(ClaimOutcome.Gone);
            throw;
        }
        finally
        {
            worker.EndWait();
            workers.Saw(request.WorkerId);
            room.Leave(waiter);
        }
    }

    /// <summary>
    /// Why queues of a claim had no tasks: those that are paused, and those that hold no tasks in any state.
    /// </summary>
    public async Task<(IReadOnlyList<string> Paused, IReadOnlyList<string> Unknown)> FindIdleAsync(ClaimRequest request)
    {
        try
        {
            var known = (await store.CountAsync()).ToDictionary(static queue => queue.Queue,
                static queue => queue.Paused, StringComparer.Ordinal);
            return ([.. request.Queues.Where(known.GetValueOrDefault)],
                [.. request.Queues.Where(queue => !known.ContainsKey(queue))]);
        }
        catch (StoreException)
        {
            // The claim ended because the coordinator is stopping.
            return ([], []);
        }
    }

    /// <summary>
    /// Whether the caller may use every queue of the request. Clients without a token claim only tasks submitted
    /// without one.
    /// </summary>
    internal static bool MayClaim(Caller caller, ClaimRequest request)
    {
        if (caller.IsUntokened && !request.UntokenedOnly) return false;
        for (var i = 0; i < request.Queues.Count; i++)
        {
            if (!caller.MayUse(request.Queues[i])) return false;
        }

        return true;
    }

    /// <summary>Records which worker claims, and what.</summary>
    internal Worker Note(ClaimRequest request)
    {
        var worker = workers.Saw(request.WorkerId);
        worker.Asks(request.Queues, request.Fit, request.Identity?.Network);
        worker.Identity = request.Identity;
        return worker;
    }

    /// <summary>Passes the claimed tasks to the worker, or, if it has disconnected, back to the queue.</summary>
    internal async ValueTask HandOverAsync(ClaimRequest request, IReadOnlyList<ClaimedTask> claimed,
        CancellationToken requestAborted)
    {
        if (claimed.Count == 0) return;
        if (!requestAborted.IsCancellationRequested)
        {
            workers.Saw(request.WorkerId).AddClaimed(claimed.Count);
            return;
        }

        await GiveBackAsync(claimed);
        meter.Count(ClaimOutcome.Gone);
        throw new OperationCanceledException(requestAborted);
    }

    /// <summary>Releases tasks that can't be delivered after all, which doesn't count as a failed attempt.</summary>
    public Task GiveBackAsync(IReadOnlyList<ClaimedTask> claimed) =>
        store.ApplyAsync(
            [.. claimed.Select(static task =>
                new TaskChange(task.Task.Id, new TaskCommand.Release(task.Task.Lease!.Token)))]);

    /// <summary>Counts a claim that didn't wait, or that waited without success.</summary>
    internal IReadOnlyList<ClaimedTask> Count(IReadOnlyList<ClaimedTask> claimed)
    {
        meter.Count(claimed.Count > 0 ? ClaimOutcome.Hit : ClaimOutcome.Empty);
        return claimed;
    }

    private async Task<IReadOnlyList<ClaimedTask>> ClaimAsync(ClaimRequest request, CancellationToken requestAborted)
    {
        requestAborted.ThrowIfCancellationRequested();
        var claimed = await store.ClaimAsync(request);
        await HandOverAsync(request, claimed, requestAborted);
        return claimed;
    }
}
