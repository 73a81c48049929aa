using Weft.Core.Access;
using Weft.Core.Explaining;
using Weft.Core.Tasks;
using Weft.Core.Verification;

namespace Weft.Core.Storage;

/// <summary>
/// Stores tasks. Every operation is one atomic decision by the rules of <see cref="TaskLife"/>; a change is on disk
/// when its operation returns. The store has its own clock. Each operation throws <see cref="StoreException"/> when the
/// store can't do it now.
/// </summary>
public interface ITaskStore : IAsyncDisposable
{
    /// <summary>Raised after a commit that made tasks claimable, once for each queue and set of requirements.</summary>
    event Action<ReadyTasks>? BecameReady;

    /// <summary>Raised when workers may be given more verified tasks, after one of their answers was decided.</summary>
    event Action<IReadOnlyList<IdentityId>>? Freed;

    /// <summary>Raised after a commit that finished tasks.</summary>
    event Action<IReadOnlyList<TaskId>>? Finished;

    /// <summary>
    /// Stores new tasks, all or none; a known idempotency key returns the tasks that it created the first time.
    /// </summary>
    Task<SubmitOutcome> SubmitAsync(Submission submission);

    /// <summary>
    /// Leases to a worker the ready tasks that it may run: higher priority first, then first in, first out.
    /// </summary>
    Task<IReadOnlyList<ClaimedTask>> ClaimAsync(ClaimRequest request);

    /// <summary>
    /// Applies commands to tasks, in order, each with its own outcome; a refused one doesn't affect the others.
    /// </summary>
    Task<IReadOnlyList<ChangeOutcome>> ApplyAsync(IReadOnlyList<TaskChange> changes);

    /// <summary>
    /// Applies commands like <see cref="ApplyAsync"/>, then claims like <see cref="ClaimAsync"/>, in one commit: the
    /// claim sees the commands' changes.
    /// </summary>
    Task<SettleOutcome> SettleAsync(IReadOnlyList<TaskChange> changes, ClaimRequest next);

    /// <summary>
    /// Cancels the unfinished tasks among the first <paramref name="max"/> of a selection, and returns their number and
    /// the rest of the selection: repeating this to the end costs no more than reading the selection once.
    /// </summary>
    Task<CancelProgress> CancelAsync(CancelSelection selection, int max);

    /// <summary>
    /// Processes up to <paramref name="max"/> due tasks: expired leases, scheduled times, expiries. Returns their
    /// number.
    /// </summary>
    Task<int> SweepAsync(int max);

    /// <summary>
    /// Deletes up to <paramref name="max"/> tasks that finished at least <paramref name="age"/> ago, and returns their
    /// number. Tasks in a group with unfinished tasks are kept <see cref="Limits.RetentionTimesInGroup"/> times as
    /// long: a reader may wait for its results in order.
    /// </summary>
    Task<int> DeleteFinishedAsync(TimeSpan age, int max);

    /// <summary>
    /// Deletes up to <paramref name="max"/> empty groups that were created at least <paramref name="age"/> ago, and
    /// returns their number.
    /// </summary>
    Task<int> DeleteEmptyGroupsAsync(TimeSpan age, int max);

    /// <summary>One task, with the requested parts; null if it doesn't exist.</summary>
    Task<StoredTask?> FindAsync(TaskId id, TaskParts parts);

    /// <summary>
    /// A task with all of its known attempts, at most <see cref="Limits.AttemptsKeptMax"/> and the running one, first
    /// to last; null if there is no such task.
    /// </summary>
    Task<TaskHistory?> FindHistoryAsync(TaskId id);

    /// <summary>
    /// The same with what is ahead of the task in its queue; costs no more in a long queue than in a short one.
    /// </summary>
    Task<TaskStanding?> FindStandingAsync(TaskId id);

    /// <summary>A page of tasks in order of submission. Text searches run one after the other.</summary>
    Task<TaskPage> ListAsync(
        TaskFilter filter, TaskId? after, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Up to <paramref name="max"/> leased tasks, ordered by the end of their lease or their own expiry.
    /// </summary>
    Task<IReadOnlyList<LeasedTask>> ListLeasedAsync(int max);

    /// <summary>The contents of each queue, by state; costs the same at any number of tasks.</summary>
    Task<IReadOnlyList<QueueCounts>> CountAsync();

    /// <summary>
    /// The ready tasks of each queue, including paused ones, by requirements. Costs the same at any number of tasks.
    /// </summary>
    Task<IReadOnlyList<ReadyTasks>> ListReadyAsync();

    /// <summary>Pauses a queue (nothing is claimed from it) or resumes it.</summary>
    Task SetPausedAsync(string queue, bool paused);

    /// <summary>Creates a group that tasks can be submitted to; null: the owner has reached its limit.</summary>
    Task<GroupId?> CreateGroupAsync(string? name, TokenId? owner = null);

    /// <summary>
    /// Seals a group: from then on it accepts no more tasks. A sealed group stays as it is. False: it doesn't exist.
    /// </summary>
    Task<bool> SealGroupAsync(GroupId id);

    /// <summary>One group with its exact counts; null if it doesn't exist.</summary>
    Task<StoredGroup?> FindGroupAsync(GroupId id);

    /// <summary>A page of groups with their exact counts, newest first.</summary>
    /// <param name="owner">The owner; null for everybody's groups.</param>
    /// <param name="before">Only groups created before this one; null starts at the newest.</param>
    /// <param name="limit">Maximum number of groups.</param>
    Task<GroupPage> ListGroupsAsync(TokenId? owner, GroupId? before, int limit);

    /// <summary>A page of a group's finished tasks, with their results.</summary>
    Task<GroupResultsPage> ListResultsAsync(GroupId id, ResultOrder order, long after, int limit);
}
