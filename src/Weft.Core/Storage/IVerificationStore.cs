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

    /// <summary>What is known of a queue's workers, those seen last first.</summary>
    Task<IReadOnlyList<WorkerStanding>> ListStandingsAsync(string queue, int limit);

    /// <summary>
    /// Workers that get no more verified tasks, of which queue, and when they answered last: those seen last, at most
    /// <see cref="Limits.VerifyBarredMax"/>.
    /// </summary>
    Task<IReadOnlyList<BarredWorker>> ListBarredAsync();

    /// <summary>
    /// What became of a queue's newest results that were verified: those among the newest
    /// <see cref="Limits.VerifySampleAnswers"/> answers of all queues.
    /// </summary>
    Task<VerifiedSample> SampleAsync(string queue);

    /// <summary>
    /// The same of a group, of its newest <see cref="Limits.VerifySampleResults"/> results.
    /// </summary>
    Task<VerifiedSample> SampleAsync(GroupId group);

    /// <summary>
    /// Has results looked at again that workers at fault support, as many as may be under way. Answers how many were
    /// begun.
    /// </summary>
    Task<int> AuditAsync();

    /// <summary>What a group was told and was wrong, in the order in which that was found.</summary>
    /// <param name="group">The group.</param>
    /// <param name="after">The number of the last one that is known; 0 for none.</param>
    /// <param name="limit">How many at most.</param>
    Task<IReadOnlyList<Correction>> ListCorrectionsAsync(GroupId group, long after, int limit);

    /// <summary>What the completed tasks of a group after one rest on, in the order of their ids.</summary>
    Task<ReceiptPage> ListReceiptsAsync(GroupId group, TaskId after, int limit);
}

/// <summary>A worker that gets no more verified tasks of a queue.</summary>
public readonly record struct BarredWorker(IdentityId Identity, string Queue, DateTimeOffset SeenAt);

/// <summary>What became of some results that were verified.</summary>
/// <param name="Policy">What the newest of their tasks asked for; null: there is none.</param>
/// <param name="Results">How many they are.</param>
/// <param name="Answers">How many answers they took, audits included.</param>
/// <param name="Checked">Results that rested on more than one answer when they were told.</param>
/// <param name="Differed">Of those, results that another answer contradicted.</param>
/// <param name="Audited">Results that were looked at again.</param>
/// <param name="Wrong">Of those, results that were wrong.</param>
/// <param name="Risk">At most how likely a result is wrong, on average; null: there is none.</param>
public sealed record VerifiedSample(
    VerificationPolicy? Policy, long Results, long Answers, long Checked, long Differed, long Audited, long Wrong,
    double? Risk);

/// <summary>What is known of a worker in one queue.</summary>
/// <param name="Identity">Who it is.</param>
/// <param name="Network">Where its last answer came from.</param>
/// <param name="Standing">What the rule knows.</param>
/// <param name="IsTrusted">Whether the operator vouches for it.</param>
/// <param name="Given">All answers of its own, whatever became of them.</param>
/// <param name="AuditsLeft">How many of its earlier results are still looked at again.</param>
/// <param name="SeenAt">When it answered last.</param>
public sealed record WorkerStanding(
    IdentityId Identity, NetworkKey Network, Standing Standing, bool IsTrusted, long Given, long AuditsLeft,
    DateTimeOffset SeenAt);

/// <summary>A result that was told, and was found wrong. The task stays as it is.</summary>
/// <param name="Number">In the order in which they were found.</param>
/// <param name="Task">The task.</param>
/// <param name="Told">The SHA-256 of what was told.</param>
/// <param name="Result">What is believed now; null: nothing.</param>
/// <param name="Error">Why nothing is, for people; else null.</param>
/// <param name="At">When it was found.</param>
public sealed record Correction(
    long Number, TaskId Task, AnswerHash Told, ReadOnlyMemory<byte>? Result, string? Error, DateTimeOffset At);

/// <summary>Who gave a result that is believed.</summary>
public readonly record struct Supporter(
    IdentityId Identity, NetworkKey Network, bool IsTrusted, AnswerRole Role);

/// <summary>What a completed task's result rests on.</summary>
/// <param name="Task">The task.</param>
/// <param name="Module">The hash of what it ran; null: nothing that the coordinator has.</param>
/// <param name="Payload">The SHA-256 of its payload.</param>
/// <param name="Result">The SHA-256 of the result that was told.</param>
/// <param name="Risk">At most how likely that is wrong; null: it was not verified.</param>
/// <param name="IsCorrected">It was found wrong since.</param>
/// <param name="Supporters">Who stands for what is believed now.</param>
public sealed record Receipt(
    TaskId Task, string? Module, AnswerHash Payload, AnswerHash Result, double? Risk, bool IsCorrected,
    IReadOnlyList<Supporter> Supporters);

/// <param name="Receipts">In the order of their tasks' ids.</param>
/// <param name="Last">The task after which the next page begins.</param>
/// <param name="IsLast">Whether nothing comes behind.</param>
public sealed record ReceiptPage(IReadOnlyList<Receipt> Receipts, TaskId Last, bool IsLast);

/// <summary>The answers to a task.</summary>
/// <param name="Policy">When one is believed; null: the task isn't verified.</param>
/// <param name="Answers">In the order in which they came.</param>
/// <param name="Check">The check that waits for a worker or is with one; null: there is none.</param>
/// <param name="Corrections">What was found wrong of what was told.</param>
public sealed record TaskAnswers(
    VerificationPolicy? Policy, IReadOnlyList<TaskAnswer> Answers, OpenCheck? Check,
    IReadOnlyList<Correction> Corrections);

/// <summary>A check that is not done.</summary>
/// <param name="Task">Its own task.</param>
/// <param name="From">Who may give its answer.</param>
/// <param name="Role">What the answer is for.</param>
public sealed record OpenCheck(TaskRecord Task, CheckFrom From, AnswerRole Role)
{
    /// <summary>When anybody may give it: nobody waits for a known worker for ever.</summary>
    public DateTimeOffset? AnyoneFrom =>
        Task.ReadyAt + (Role == AnswerRole.Judge ? Limits.VerifySeenTime : Limits.VerifyElderWait);
}

/// <summary>One answer to a task, without its bytes.</summary>
/// <param name="Identity">Who gave it.</param>
/// <param name="Network">From where its task was claimed.</param>
/// <param name="IsTrusted">Whether the operator vouched for that worker then.</param>
/// <param name="Sha256">Of the result as it was posted.</param>
/// <param name="Group">What it is compared by: equal answers have the same.</param>
/// <param name="At">When it came.</param>
/// <param name="Role">What it was asked for.</param>
/// <param name="Verdict">What became of it.</param>
/// <param name="IsDrawn">Whether the coin chose it to be checked: <see cref="Standing.Drawn"/>.</param>
public sealed record TaskAnswer(
    IdentityId Identity, NetworkKey Network, bool IsTrusted, AnswerHash Sha256, AnswerHash Group, DateTimeOffset At,
    AnswerRole Role, AnswerVerdict Verdict, bool IsDrawn = false);
