namespace Weft.Client.Work;

/// <summary>
/// Thrown by a handler: this worker can't do the task now, for reasons that are its own. The task is given back, which
/// is no failed attempt.
/// </summary>
/// <param name="message">The reason, for people; it is told to <see cref="WorkerOptions.Observed"/>.</param>
/// <param name="delay">For how long nobody gets the task; null: it is handed out at once.</param>
public sealed class AttemptReleasedException(string message, TimeSpan? delay = null) : Exception(message)
{
    /// <summary>For how long nobody gets the task; null: it is handed out at once.</summary>
    public TimeSpan? Delay => delay;
}
