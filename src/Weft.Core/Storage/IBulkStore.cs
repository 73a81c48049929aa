using Weft.Core.Access;
using Weft.Core.Tasks;

namespace Weft.Core.Storage;

/// <summary>
/// Where bulk operations live, beside the tasks that they change. When a verb that changes something has answered, the
/// change is on disk. Each verb throws <see cref="StoreException"/> when the store can't do it now.
/// </summary>
public interface IBulkStore
{
    /// <summary>
    /// Stores an operation, which hits only tasks that are there by then. At most
    /// <see cref="Limits.BulkOperationsMax"/> are unfinished, and <see cref="Limits.BulkOperationsOfTokenMax"/> of one
    /// token.
    /// </summary>
    Task<BulkStart> StartAsync(BulkOrder order);

    /// <summary>
    /// Counts the tasks that an operation would find, and looks at no more than about
    /// <see cref="Limits.BulkCountLookMax"/>.
    /// </summary>
    Task<BulkMatch> CountAsync(BulkOrder order, CancellationToken cancellationToken);

    /// <summary>One operation; null when there is none, or retention has deleted it.</summary>
    Task<BulkOperation?> FindAsync(BulkOperationId id);

    /// <summary>A page of operations, the newest first; their ids are not read, only how many there are.</summary>
    /// <param name="token">Who started them; null: anybody.</param>
    /// <param name="before">Only those started before this one; null starts at the newest.</param>
    /// <param name="limit">Operations at most.</param>
    Task<BulkPage> ListAsync(TokenId? token, BulkOperationId? before, int limit);

    /// <summary>
    /// The operation that is not over and has waited the longest for its next step; null when there is none that this
    /// coordinator may take.
    /// </summary>
    /// <param name="runner">Names this coordinator.</param>
    /// <param name="now">The time: one whose coordinator has done nothing for long is anybody's.</param>
    Task<BulkOperation?> FindRunningAsync(string runner, DateTimeOffset now);

    /// <summary>
    /// Takes an operation further by up to <see cref="Limits.BulkStepMax"/> tasks; what it changes and where it stands
    /// are one commit, so that each task is met once, whatever ends the coordinator.
    /// </summary>
    /// <param name="operation">As it was read: if it has moved on since, nothing is done.</param>
    /// <param name="runner">
    /// Which coordinator this is: while one is at it, no other one is for <see cref="Limits.BulkRunnerTime"/>.
    /// </param>
    /// <returns>As it is then; null: nothing was done, since it moved on, ended or is another coordinator's.</returns>
    Task<BulkOperation?> AdvanceAsync(BulkOperation operation, string runner);

    /// <summary>Ends an operation where it stands. False: there is none, or it is over.</summary>
    Task<bool> StopAsync(BulkOperationId id, string reason);

    /// <summary>
    /// Deletes operations that were over <paramref name="age"/> ago, and the oldest past
    /// <see cref="Limits.BulkOperationsKeptMax"/>; says how many.
    /// </summary>
    Task<int> DeleteOldAsync(TimeSpan age);
}
