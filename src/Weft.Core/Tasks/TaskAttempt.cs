namespace Weft.Core.Tasks;

/// <summary>How an attempt ended. The numbers are stored: never renumber.</summary>
public enum AttemptOutcome : byte
{
    /// <summary>Its result was accepted.</summary>
    Completed = 0,

    /// <summary>The worker reported that it failed.</summary>
    Failed = 1,

    /// <summary>The lease expired.</summary>
    Lapsed = 2,

    /// <summary>The worker released the task.</summary>
    Released = 3,

    /// <summary>The task was cancelled during the attempt.</summary>
    Cancelled = 4,

    /// <summary>The task's own expiry passed during the attempt.</summary>
    Expired = 5,
}

/// <summary>One attempt at a task, from the worker's claim on.</summary>
/// <param name="Attempt">From 1: the value of <see cref="TaskRecord.Attempt"/> after the claim.</param>
/// <param name="WorkerId">The worker that claimed it.</param>
/// <param name="ClaimedAt">When it was claimed.</param>
/// <param name="EndedAt">When it ended; null while it runs.</param>
/// <param name="Outcome">How it ended; null while it runs.</param>
/// <param name="Error">Why it failed, lapsed or expired; null otherwise.</param>
public sealed record TaskAttempt(
    int Attempt, string WorkerId, DateTimeOffset ClaimedAt, DateTimeOffset? EndedAt, AttemptOutcome? Outcome,
    string? Error = null);
