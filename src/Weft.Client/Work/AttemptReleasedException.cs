namespace Weft.Client.Work;

/// <summary>
/// Thrown by a handler if this worker can't run the task now. The task is released, which doesn't count as a failed
/// attempt.
/// </summary>
/// <param name="message">The reason, human-readable; passed to <see cref="WorkerOptions.Observed"/>.</param>
/// <param name="delay">How long the task waits before it can be claimed again; null: not at all.</param>
public sealed class AttemptReleasedException(string message, TimeSpan? delay = null) : Exception(message)
{
    /// <summary>How long the task waits before it can be claimed again; null: not at all.</summary>
    public TimeSpan? Delay => delay;
}
