using Weft.Core.Access;
using Weft.Core.Tasks;

namespace Weft.Core.Storage;

/// <summary>
/// Stores bulk operations, with the tasks that they change. A change is on disk when its operation returns. Each
/// operation throws <see cref="StoreException"/> when the store can't do it now.
/// </summary>
public interface IBulkStore
{
    /// <summary>
    /// Stores an operation, which affects only tasks that exist by then. At most <see cref="Limits.BulkOperationsMax"/>
    /// may be unfinished, and <see cref="Limits.BulkOperationsOfTokenMax"/> of one token.
    /// </summary>
    Task<BulkStart> StartAsync(BulkOrder order);

    /// <summary>
    /// Counts the tasks that an operation would match, examining at most about <see cref="Limits.BulkCountLookMax"/>.
    /// </summary>
    Task<BulkMatch> CountAsync(BulkOrder order, CancellationToken cancellationToken);

    /// <summary>One operation; null if it doesn't exist, or retention has deleted it.</summary>
    Task<BulkOperation?> FindAsync(BulkOperationId id);

    /// <summary>A page of operations, newest first; their ids are not read, only counted.</summary>
    /// <param name="token">The token that started them; null: any.</param>
    /// <param name="before">Only those started before this one; null starts at the newest.</param>
    /// <param name="limit">Maximum number of operations.</param>
    Task<BulkPage> ListAsync(TokenId? token, BulkOperationId? before, int limit);

    /// <summary>
    /// The unfinished operation that has waited longest for its next step; null if there is none that this coordinator
    /// may run.
    /// </summary>
    /// <param name="runner">Identifies this coordinator.</param>
    /// <param name="now">The time: an operation whose coordinator has been inactive for long is available to
    /// any.</param>
    Task<BulkOperation?> FindRunningAsync(string runner, DateTimeOffset now);

    /// <summary>
    /// Continues an operation by up to <see cref="Limits.BulkStepMax"/> tasks; its changes and its position are one
    /// commit, so that each task is processed once, even if the coordinator crashes.
    /// </summary>
    /// <param name="operation">As it was read: if it has advanced since, nothing is done.</param>
    /// <param name="runner"> Identifies this coordinator: the operation is reserved for it for
    /// <see cref="Limits.BulkRunnerTime"/>.
    /// </param>
    /// <returns>Its new state; null: nothing was done, since it has advanced, ended or is reserved by another
    /// coordinator.</returns>
    Task<BulkOperation?> AdvanceAsync(BulkOperation operation, string runner);

    /// <summary>Stops an operation at its current position. False: it doesn't exist, or has ended.</summary>
    Task<bool> StopAsync(BulkOperationId id, string reason);

    /// <summary>
    /// Deletes operations that ended at least <paramref name="age"/> ago, and the oldest beyond
    /// <see cref="Limits.BulkOperationsKeptMax"/>; returns their number.
    /// </summary>
    Task<int> DeleteOldAsync(TimeSpan age);
}
