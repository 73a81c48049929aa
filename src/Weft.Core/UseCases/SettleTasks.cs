using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Workers;

namespace Weft.Core.UseCases;

/// <summary>Applies what a worker reports about its tasks, and may claim the next ones in the same commit.</summary>
/// <param name="store">Where the tasks are.</param>
/// <param name="claim">Claims the next ones.</param>
/// <param name="workers">Is told who did something.</param>
/// <param name="board">Is told what those did who gave a name; null: there is no board.</param>
public sealed class SettleTasks(
    ITaskStore store, ClaimTasks claim, WorkerRegistry workers, NameBoard? board = null)
{
    /// <summary>Applies what the worker reports. Tasks that the caller may not settle count as absent.</summary>
    /// <param name="caller">Settles tasks of its queues alone.</param>
    /// <param name="workerId">The worker; null when it doesn't name itself.</param>
    /// <param name="changes">What became of each task.</param>
    /// <returns>One outcome for each change, in order.</returns>
    public Task<IReadOnlyList<ChangeOutcome>> RunAsync(Caller caller, string? workerId,
        IReadOnlyList<TaskChange> changes)
    {
        changes = Narrow(caller, changes);
        if (caller.IsUntokened) return ApplyOwnAsync(caller, changes);
        return workerId is null && changes.Count > 0 ? store.ApplyAsync(changes) : ApplyAsync(workerId, changes);
    }

    /// <summary>
    /// Applies what the worker reports and claims, in one commit. The changes are made even when the worker has
    /// disconnected meanwhile; the claim waits like <see cref="ClaimTasks.RunAsync"/>, and the outcomes with it.
    /// </summary>
    /// <returns>Null: the caller may not claim this, and nothing was changed.</returns>
    public async Task<SettleOutcome?> RunAsync(
        Caller caller, string workerId, IReadOnlyList<TaskChange> changes, ClaimRequest next, TimeSpan wait,
        CancellationToken requestAborted)
    {
        if (!ClaimTasks.MayClaim(caller, next)) return null;
        if (changes.Count == 0 || caller.IsUntokened)
        {
            var outcomes = changes.Count == 0 ? [] : await ApplyOwnAsync(caller, changes);
            return new(outcomes, await claim.RunAsync(caller, next, wait, requestAborted) ?? []);
        }

        changes = Narrow(caller, changes);
        var outcome = await store.SettleAsync(changes, next);
        // Who it is comes with the claim.
        claim.Note(next);
        Note(workerId, changes, outcome.Changes);
        await claim.HandOverAsync(next, outcome.Claimed, requestAborted);
        if (outcome.Claimed.Count > 0 || wait <= TimeSpan.Zero)
        {
            claim.Count(outcome.Claimed);
            return outcome;
        }

        return outcome with { Claimed = await claim.RunAsync(caller, next, wait, requestAborted) ?? [] };
    }

    private static IReadOnlyList<TaskChange> Narrow(Caller caller, IReadOnlyList<TaskChange> changes) =>
        caller.Queues.Count == 0 ? changes : [.. changes.Select(change => change with { Queues = caller.Queues })];

    /// <summary>Clients without a token settle only tasks that came without one.</summary>
    private async Task<IReadOnlyList<ChangeOutcome>> ApplyOwnAsync(Caller caller, IReadOnlyList<TaskChange> changes)
    {
        var outcomes = new ChangeOutcome[changes.Count];
        for (var i = 0; i < outcomes.Length; i++)
        {
            var isOwn = (await store.FindAsync(changes[i].Id, TaskParts.Owner))?.Owner == caller.Owner;
            outcomes[i] = isOwn ? (await store.ApplyAsync([changes[i]]))[0] : Refusal.NotFound;
        }

        return outcomes;
    }

    private async Task<IReadOnlyList<ChangeOutcome>> ApplyAsync(string? workerId, IReadOnlyList<TaskChange> changes)
    {
        var outcomes = changes.Count > 0 ? await store.ApplyAsync(changes) : [];
        if (workerId is not null) Note(workerId, changes, outcomes);
        return outcomes;
    }

    private void Note(string workerId, IReadOnlyList<TaskChange> changes, IReadOnlyList<ChangeOutcome> outcomes)
    {
        var worker = workers.Saw(workerId);
        for (var i = 0; i < outcomes.Count; i++)
        {
            if (outcomes[i].Refusal != Refusal.None) continue;
            if (changes[i].Command is TaskCommand.Complete) worker.AddCompleted(1);
            if (board is not null && outcomes[i].Computed is { } computed && worker.Identity is { } identity)
            {
                board.Add(identity.Id, computed);
            }

            if (changes[i].Command is TaskCommand.Fail) worker.AddFailed(1);
        }
    }
}
