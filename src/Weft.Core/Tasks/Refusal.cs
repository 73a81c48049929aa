namespace Weft.Core.Tasks;

/// <summary>Why a command on a task changes nothing. A value, not an exception: each is expected to happen.</summary>
public enum Refusal : byte
{
    /// <summary>Not refused.</summary>
    None = 0,

    /// <summary>No such task, or retention has deleted it.</summary>
    NotFound,

    /// <summary>
    /// The token is not the newest one given out for the task, or was given back by a fail or a release.
    /// </summary>
    StaleLease,

    /// <summary>The task is completed or dead.</summary>
    AlreadyFinished,

    /// <summary>
    /// The task already has its result from this very claim. A complete with the same bytes counts as done.
    /// </summary>
    AlreadyCompleted,

    /// <summary>The task was cancelled: its worker drops it.</summary>
    Cancelled,

    /// <summary>Only a ready task can be claimed.</summary>
    NotReady,

    /// <summary>The task's own expiry has passed; the sweep will bury it.</summary>
    Expired,

    /// <summary>Only a dead task can be retried.</summary>
    NotDead,

    /// <summary>
    /// Run again, the task would be more than its owner may have unfinished. The store's word, not the state machine's.
    /// </summary>
    OwnerFull,

    /// <summary>
    /// A blob that a complete names as an output isn't there, isn't the task owner's, or has another size. The store's
    /// word.
    /// </summary>
    OutputNotFound,

    /// <summary>The task has no answer that waits to be believed.</summary>
    NotChecking,

    /// <summary>The sweep has nothing to do on the task yet.</summary>
    NothingDue,
}
