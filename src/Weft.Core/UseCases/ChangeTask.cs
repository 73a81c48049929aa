using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Core.UseCases;

/// <summary>
/// A submitter cancels a task, or retries a dead one. A task that the caller may not change is treated as absent.
/// </summary>
public sealed class ChangeTask(ITaskStore store)
{
    public Task<(Refusal Refusal, StoredTask? Task)> CancelAsync(Caller caller, TaskId id) =>
        RunAsync(caller, id, TaskCommand.Cancel.Instance);

    public Task<(Refusal Refusal, StoredTask? Task)> RetryAsync(Caller caller, TaskId id) =>
        RunAsync(caller, id, TaskCommand.Retry.Instance);

    /// <returns>The task after the change; null without a refusal: the change was made, and retention has deleted the
    /// task since.</returns>
    private async Task<(Refusal Refusal, StoredTask? Task)> RunAsync(Caller caller, TaskId id, TaskCommand command)
    {
        TokenId? owner = null;
        if (caller != Caller.Anybody)
        {
            owner = (await store.FindAsync(id, TaskParts.Owner))?.Owner;
            if (!caller.MayChange(owner)) return (Refusal.NotFound, null);
        }

        // A retry counts against the limits of the task's owner, whoever requests it.
        var refusal = (await store.ApplyAsync([new(id, command) { Owner = owner }]))[0].Refusal;
        return refusal == Refusal.None
            ? (refusal, await OutcomeUnknownGuard.RunAsync(store.FindAsync(id, TaskParts.Record))) : (refusal, null);
    }
}
