using Weft.Core.Tasks;
using Weft.Core.Verification;

namespace Weft.Core.Storage;

/// <summary>What is stored of answers that must be checked before they are believed.</summary>
public interface IVerificationStore
{
    /// <summary>The store's own secret, made when it is first asked for; the same for all coordinators on it.</summary>
    Task<ReadOnlyMemory<byte>> GetSecretAsync();

    /// <summary>The answers to a task, in the order in which they came; none of one that isn't verified.</summary>
    Task<TaskAnswers> ListAnswersAsync(TaskId id);

    /// <summary>Says when results of a queue's tasks are believed that don't say; null: at once.</summary>
    Task SetQueuePolicyAsync(string queue, VerificationPolicy? policy);

    /// <summary>What was said of a queue; null: nothing.</summary>
    Task<VerificationPolicy?> FindQueuePolicyAsync(string queue);
}

/// <summary>The answers to a task.</summary>
/// <param name="Policy">When one is believed; null: the task isn't verified.</param>
/// <param name="Answers">In the order in which they came.</param>
/// <param name="Check">The check that waits for a worker or is with one; null: there is none.</param>
public sealed record TaskAnswers(
    VerificationPolicy? Policy, IReadOnlyList<TaskAnswer> Answers, TaskRecord? Check);

/// <summary>One answer to a task, without its bytes.</summary>
/// <param name="Identity">Who gave it.</param>
/// <param name="Network">From where its task was claimed.</param>
/// <param name="IsTrusted">Whether the operator vouched for that worker then.</param>
/// <param name="Sha256">Of the result as it was posted.</param>
/// <param name="Group">What it is compared by: equal answers have the same.</param>
/// <param name="At">When it came.</param>
/// <param name="Role">What it was asked for.</param>
/// <param name="Verdict">What became of it.</param>
public sealed record TaskAnswer(
    IdentityId Identity, NetworkKey Network, bool IsTrusted, AnswerHash Sha256, AnswerHash Group, DateTimeOffset At,
    AnswerRole Role, AnswerVerdict Verdict);
