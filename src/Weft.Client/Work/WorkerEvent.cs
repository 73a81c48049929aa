using Weft.Contracts;

namespace Weft.Client.Work;

/// <summary>What became of an attempt.</summary>
/// <param name="Detail">Why it failed or was dropped, for people; null otherwise.</param>
public sealed record WorkerEvent(ClaimedTask Task, WorkerOutcome Outcome, string? Detail);

/// <summary>The ends of an attempt, as its worker sees them.</summary>
public enum WorkerOutcome
{
    /// <summary>The coordinator has the result.</summary>
    Completed,

    /// <summary>The coordinator has the failure, and decides whether there is another attempt.</summary>
    Failed,

    /// <summary>Given back undone.</summary>
    Released,

    /// <summary>
    /// The coordinator no longer wanted to hear of it from this worker: it was cancelled, or another worker has it.
    /// </summary>
    Dropped,
}
