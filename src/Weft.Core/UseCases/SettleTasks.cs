using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Workers;

namespace Weft.Core.UseCases;

/// <summary>Applies a worker's reports on its tasks, and may claim the next ones in the same commit.</summary>
/// <param name="store">The task store.</param>
/// <param name="claim">Claims the next ones.</param>
/// <param name="workers">Records the workers' activity.</param>
/// <param name="board">Counts the work of named workers; null: there is no board.</param>
public sealed class SettleTasks(
    ITaskStore store, ClaimTasks claim, WorkerRegistry workers, NameBoard? board = null)
{
    /// <summary>Applies the worker's reports. Tasks that the caller may not settle are treated as absent.</summary>
    /// <param name="caller">Settles only tasks of its queues.</param>
    /// <param name="workerId">The worker; null if it doesn't name itself.</param>
    /// <param name="changes">The reports on the tasks.</param>
    /// <returns>One outcome for each change, in order.</returns>
    public Task<IReadOnlyList<ChangeOutcome>> RunAsync(Caller caller, string? workerId,
        IReadOnlyList<TaskChange> changes)
    {
        changes = Narrow(caller, changes);
        if (caller.IsUntokened) return ApplyOwnAsync(caller, changes);
        return ApplyAsync(workerId, changes);
    }

    /// <summary>
    /// Applies the worker's reports and claims, in one commit. The changes are made even if the worker has
    /// disconnected; the claim waits like <see cref="ClaimTasks.RunAsync"/>, and the outcomes with it.
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
        var parts = Parts(changes);
        var before = await ApplyAsync(parts[..^1]);
        var outcome = await store.SettleAsync(parts[^1], next);
        if (before.Count > 0) outcome = outcome with { Changes = [.. before, .. outcome.Changes] };
        // The claim says which worker it is.
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

    /// <summary>Clients without a token settle only tasks submitted without one.</summary>
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
        var outcomes = await ApplyAsync(Parts(changes));
        if (workerId is not null) Note(workerId, changes, outcomes);
        return outcomes;
    }

    private async Task<IReadOnlyList<ChangeOutcome>> ApplyAsync(IReadOnlyList<TaskChange>[] parts)
    {
        if (parts.Length == 1) return await store.ApplyAsync(parts[0]);
        List<ChangeOutcome> outcomes = [];
        foreach (var part in parts) outcomes.AddRange(await store.ApplyAsync(part));
        return outcomes;
    }

    /// <summary>
    /// The reports, in parts that are stored one after the other where results are large: to compare them with others'
    /// answers takes long, and everybody waits for the writer meanwhile.
    /// </summary>
    private static IReadOnlyList<TaskChange>[] Parts(IReadOnlyList<TaskChange> changes)
    {
        List<IReadOnlyList<TaskChange>> parts = [];
        var (begin, bytes) = (0, 0L);
        for (var i = 0; i < changes.Count; i++)
        {
            var size = (changes[i].Command as TaskCommand.Complete)?.Result.Length ?? 0;
            if (i > begin && bytes + size > Limits.SettlePartBytes)
            {
                parts.Add([.. changes.Skip(begin).Take(i - begin)]);
                (begin, bytes) = (i, 0);
            }

            bytes += size;
        }

        if (begin == 0) return changes.Count == 0 ? [] : [changes];
        return [.. parts, [.. changes.Skip(begin)]];
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
