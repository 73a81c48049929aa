using Weft.Core.Access;
using Weft.Core.Explaining;
using Weft.Core.Tasks;
using Weft.Core.Verification;

namespace Weft.Core.Storage;

/// <summary>
/// Where tasks live. Every verb is one atomic decision by the rules of <see cref="TaskLife"/>; when a verb that changes
/// something has answered, the change is on disk. The store has its own clock.
/// Each verb throws <see cref="StoreException"/> when the store can't do it now.
/// </summary>
public interface ITaskStore : IAsyncDisposable
{
    /// <summary>Raised after a commit that made tasks claimable, once for each queue and set of requirements.</summary>
    event Action<ReadyTasks>? BecameReady;

    /// <summary>Workers may be handed more verified tasks: an answer of theirs is decided on.</summary>
    event Action<IReadOnlyList<IdentityId>>? Freed;

    /// <summary>Raised after a commit that finished tasks.</summary>
    event Action<IReadOnlyList<TaskId>>? Finished;

    /// <summary>
    /// Stores new tasks, all or none; an idempotency key that is known answers the tasks that it made the first time.
    /// </summary>
    Task<SubmitOutcome> SubmitAsync(Submission submission);

    /// <summary>
    /// Leases to a worker the ready tasks that it may run: higher priority first, then first in, first out.
    /// </summary>
    Task<IReadOnlyList<ClaimedTask>> ClaimAsync(ClaimRequest request);

    /// <summary>
    /// Applies commands to tasks, each with its own outcome, in order; one that is refused doesn't spoil the others.
    /// </summary>
    Task<IReadOnlyList<ChangeOutcome>> ApplyAsync(IReadOnlyList<TaskChange> changes);

    /// <summary>
    /// Applies commands like <see cref="ApplyAsync"/>, then claims like <see cref="ClaimAsync"/>, in one commit: the
    /// claim sees what the commands did.
    /// </summary>
    Task<SettleOutcome> SettleAsync(IReadOnlyList<TaskChange> changes, ClaimRequest next);

    /// <summary>
    /// Cancels the unfinished tasks among the first <paramref name="max"/> of a selection, and says how many there were
    /// and what of the selection is left: going on with that to the end costs no more than going through the selection
    /// once.
    /// </summary>
    Task<CancelProgress> CancelAsync(CancelSelection selection, int max);

    /// <summary>
    /// Moves on up to <paramref name="max"/> tasks that are due: lapsed leases, scheduled times, expiries. Says how
    /// many.
    /// </summary>
    Task<int> SweepAsync(int max);

    /// <summary>
    /// Deletes up to <paramref name="max"/> tasks that finished at least <paramref name="age"/> ago, and says how many.
    /// What belongs to a group with unfinished tasks is kept <see cref="Limits.RetentionTimesInGroup"/> times as long:
    /// somebody may wait for its results in order.
    /// </summary>
    Task<int> DeleteFinishedAsync(TimeSpan age, int max);

    /// <summary>
    /// Deletes up to <paramref name="max"/> groups that were made at least <paramref name="age"/> ago and hold no task,
    /// and says how many.
    /// </summary>
    Task<int> DeleteEmptyGroupsAsync(TimeSpan age, int max);

    /// <summary>One task, with the parts that are asked for; null when there is none.</summary>
    Task<StoredTask?> FindAsync(TaskId id, TaskParts parts);

    /// <summary>
    /// A task with all of its attempts that are known, at most <see cref="Limits.AttemptsKeptMax"/> and the one that
    /// runs, the first first; null when there is no such task.
    /// </summary>
    Task<TaskHistory?> FindHistoryAsync(TaskId id);

    /// <summary>
    /// The same with what stands before the task in its queue; costs no more in a long queue than in a short one.
    /// </summary>
    Task<TaskStanding?> FindStandingAsync(TaskId id);

    /// <summary>A page of tasks in order of submission. Searches for a text run one after the other.</summary>
    Task<TaskPage> ListAsync(
        TaskFilter filter, TaskId? after, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Up to <paramref name="max"/> tasks in workers' hands, first those whose lease, or whose own expiry, ends first.
    /// </summary>
    Task<IReadOnlyList<LeasedTask>> ListLeasedAsync(int max);

    /// <summary>What each queue holds, by state; costs the same at any number of tasks.</summary>
    Task<IReadOnlyList<QueueCounts>> CountAsync();

    /// <summary>
    /// What is ready in each queue, by what it requires of workers; in paused ones too. Costs the same at any number of
    /// tasks.
    /// </summary>
    Task<IReadOnlyList<ReadyTasks>> ListReadyAsync();

    /// <summary>Pauses a queue (nothing is claimed from it) or resumes it.</summary>
    Task SetPausedAsync(string queue, bool paused);

    /// <summary>Makes a group that tasks can be submitted to; null: the owner has as many as one may.</summary>
    Task<GroupId?> CreateGroupAsync(string? name, TokenId? owner = null);

    /// <summary>
    /// Seals a group: from then on it takes no more tasks. One that is sealed stays as it is. False: there is none.
    /// </summary>
    Task<bool> SealGroupAsync(GroupId id);

    /// <summary>One group with its exact counts; null when there is none.</summary>
    Task<StoredGroup?> FindGroupAsync(GroupId id);

    /// <summary>A page of groups with their exact counts, the newest first.</summary>
    /// <param name="owner">Whose groups; null for everybody's.</param>
    /// <param name="before">Only groups made before this one; null starts at the newest.</param>
    /// <param name="limit">Groups at most.</param>
    Task<GroupPage> ListGroupsAsync(TokenId? owner, GroupId? before, int limit);

    /// <summary>A page of a group's finished tasks, with their results.</summary>
    Task<GroupResultsPage> ListResultsAsync(GroupId id, ResultOrder order, long after, int limit);
}
