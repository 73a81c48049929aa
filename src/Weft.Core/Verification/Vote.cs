namespace Weft.Core.Verification;

/// <summary>One answer to a task.</summary>
/// <param name="Identity">Who gave it.</param>
/// <param name="Network">From where.</param>
/// <param name="Answer">The key of the first answer that it is equal to: its group's.</param>
/// <param name="Role">Why it was asked for.</param>
/// <param name="Standing">What is known of the worker by now, this answer included.</param>
/// <param name="IsTrusted">The operator vouches for the worker: its answer is right.</param>
public sealed record Vote(
    IdentityId Identity, NetworkKey Network, AnswerHash Answer, AnswerRole Role, Standing Standing,
    bool IsTrusted = false)
{
    /// <summary>Whether the answer has any weight.</summary>
    public bool Counts => IsTrusted || !Standing.IsBarred;
}

/// <summary>What is known of a queue's workers when an answer has come.</summary>
/// <param name="MedianAnswers">
/// The median of <see cref="Standing.Answers"/> of those seen lately; a few seconds old does no harm.
/// </param>
/// <param name="HasElder">
/// There is an elder who may give the task's next answer: with another identity, and in another network.
/// </param>
/// <param name="HasTrusted">There is a trusted worker who may.</param>
public readonly record struct VerificationPool(long MedianAnswers, bool HasElder, bool HasTrusted);
