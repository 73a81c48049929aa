namespace Weft.Core.Tasks;

/// <summary>
/// Why a command on a task changes nothing. A value, not an exception, since each is expected to happen.
/// </summary>
public enum Refusal : byte
{
    /// <summary>Not refused.</summary>
    None = 0,

    /// <summary>The task doesn't exist, or retention has deleted it.</summary>
    NotFound,

    /// <summary>The token is not the newest one of the task, or a fail or release has ended it.</summary>
    StaleLease,

    /// <summary>The task is completed or dead.</summary>
    AlreadyFinished,

    /// <summary>
    /// The task already has its result from this very claim. A complete with the same bytes counts as done.
    /// </summary>
    AlreadyCompleted,

    /// <summary>The task was cancelled: its worker must drop it.</summary>
    Cancelled,

    /// <summary>Only a ready task can be claimed.</summary>
    NotReady,

    /// <summary>The task has expired; the next sweep marks it dead.</summary>
    Expired,

    /// <summary>Only a dead task can be retried.</summary>
    NotDead,

    /// <summary>
    /// Retried, the task would exceed its owner's limit of unfinished tasks. Decided by the store, not by the state
    /// machine.
    /// </summary>
    OwnerFull,

    /// <summary>
    /// A blob that a complete names as an output doesn't exist, doesn't belong to the task's owner, or has another
    /// size. Decided by the store.
    /// </summary>
    OutputNotFound,

    /// <summary>The task has no unverified answer.</summary>
    NotChecking,

    /// <summary>The sweep has nothing to do on the task yet.</summary>
    NothingDue,
}
