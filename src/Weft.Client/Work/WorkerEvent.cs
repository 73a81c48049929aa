using Weft.Contracts;

namespace Weft.Client.Work;

/// <summary>The end of an attempt.</summary>
/// <param name="Detail">Why it failed or was dropped, human-readable; null otherwise.</param>
public sealed record WorkerEvent(ClaimedTask Task, WorkerOutcome Outcome, string? Detail);

/// <summary>The ways an attempt can end, as the worker sees them.</summary>
public enum WorkerOutcome
{
    /// <summary>The coordinator has the result.</summary>
    Completed,

    /// <summary>The coordinator has the failure, and decides whether there is another attempt.</summary>
    Failed,

    /// <summary>The task was released.</summary>
    Released,

    /// <summary>The worker lost the lease: the task was cancelled, or another worker has it.</summary>
    Dropped,
}
