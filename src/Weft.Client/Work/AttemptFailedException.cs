namespace Weft.Client.Work;

/// <summary>
/// Thrown by a handler to fail this attempt. Any other exception does the same, with its own message.
/// </summary>
/// <param name="message">The reason, human-readable; the first 4,096 characters are kept.</param>
/// <param name="mayRetry">False: another attempt can't succeed, and the task becomes dead.</param>
public sealed class AttemptFailedException(string message, bool mayRetry = true) : Exception(message)
{
    /// <summary>Whether to allow another attempt.</summary>
    public bool MayRetry => mayRetry;
}
