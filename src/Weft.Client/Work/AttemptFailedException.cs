namespace Weft.Client.Work;

/// <summary>
/// Thrown by a handler: this attempt failed. Any other exception does the same, with its own message.
/// </summary>
/// <param name="message">The reason, for people; the first 4,096 characters are kept.</param>
/// <param name="mayRetry">False: no further attempt can mend it, and the task is dead.</param>
public sealed class AttemptFailedException(string message, bool mayRetry = true) : Exception(message)
{
    /// <summary>Whether the task is worth another attempt.</summary>
    public bool MayRetry => mayRetry;
}
