using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Workers;

namespace Weft.Core.UseCases;

/// <summary>A worker says what became of its tasks, and may ask for the next ones in the same breath.</summary>
public sealed class SettleTasks(ITaskStore store, ClaimTasks claim, WorkerRegistry workers)
{
    /// <summary>Applies what the worker says.</summary>
    /// <param name="workerId">Who says it; null when it doesn't tell.</param>
    /// <param name="changes">What became of each task.</param>
    /// <returns>One refusal for each change, in order.</returns>
    public async Task<IReadOnlyList<Refusal>> RunAsync(string? workerId, IReadOnlyList<TaskChange> changes)
    {
        var refusals = changes.Count > 0 ? await store.ApplyAsync(changes) : [];
        if (workerId is not null) Note(workerId, changes, refusals);
        return refusals;
    }

    /// <summary>
    /// Applies what the worker says and claims, in one commit. The changes are made even when the worker has gone away
    /// meanwhile; the claim waits like <see cref="ClaimTasks.RunAsync"/>, and holds back the refusals with it.
    /// </summary>
    public async Task<SettleOutcome> RunAsync(string workerId, IReadOnlyList<TaskChange> changes, ClaimRequest next, TimeSpan wait, CancellationToken gone)
    {
        if (changes.Count == 0) return new([], await claim.RunAsync(next, wait, gone));
        var outcome = await store.SettleAsync(changes, next);
        Note(workerId, changes, outcome.Refusals);
        await claim.HandOverAsync(next, outcome.Claimed, gone);
        if (outcome.Claimed.Count > 0 || wait <= TimeSpan.Zero) return outcome;
        return outcome with { Claimed = await claim.RunAsync(next, wait, gone) };
    }

    private void Note(string workerId, IReadOnlyList<TaskChange> changes, IReadOnlyList<Refusal> refusals)
    {
        var worker = workers.Saw(workerId);
        for (var i = 0; i < refusals.Count; i++)
        {
            if (refusals[i] != Refusal.None) continue;
            if (changes[i].Command is TaskCommand.Complete) worker.AddCompleted(1);
            if (changes[i].Command is TaskCommand.Fail) worker.AddFailed(1);
        }
    }
}
