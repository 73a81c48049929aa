using Weft.Core.Modules;

namespace Weft.Core.Tasks;

/// <summary>
/// Something that is to happen to a task. Randomness is part of the command, so that deciding is pure.
/// </summary>
public abstract record TaskCommand
{
    private TaskCommand()
    {
    }

    /// <summary>Whether it is a worker's word on a task that it has.</summary>
    public bool IsReport => this is Complete or Fail or Release or Heartbeat;

    /// <summary>
    /// How long the worker computed until this report, as it says; at most <paramref name="held"/>, for which it had
    /// the task. Null: it doesn't say.
    /// </summary>
    public TimeSpan? ComputedWithin(TimeSpan held) =>
        (this is Complete complete ? complete.Computed : (this as Fail)?.Computed) is { } told
            ? told < held ? told : held
            : null;

    /// <summary>A worker takes a ready task. <paramref name="LeaseTime"/> null: the task's own.</summary>
    public sealed record Claim(LeaseToken Token, string WorkerId, TimeSpan? LeaseTime = null) : TaskCommand;

    /// <summary>
    /// The work is done. A null <paramref name="Token"/> comes from clients that know no tokens: it is accepted
    /// from anybody while the task has no result. <paramref name="Result"/> is valid JSON.
    /// </summary>
    public sealed record Complete(LeaseToken? Token, ReadOnlyMemory<byte> Result) : TaskCommand
    {
        /// <summary>The files that the task has written, whose blobs are there; null for none.</summary>
        public FileSet? Outputs { get; init; }

        /// <summary>How long the worker computed, as it says; null: it doesn't.</summary>
        public TimeSpan? Computed { get; init; }
    }

    /// <summary>
    /// The work is done, and its result is not believed yet: others check it. Only for tasks that are verified.
    /// </summary>
    public sealed record Answer(LeaseToken Token) : TaskCommand;

    /// <summary>The answer is believed: it becomes the task's result.</summary>
    public sealed record Believe : TaskCommand
    {
        public static readonly Believe Instance = new();
    }

    /// <summary>No answer can be believed. <paramref name="Error"/> says why, for people.</summary>
    public sealed record Doubt(string Error) : TaskCommand;

    /// <summary>
    /// The attempt failed. <paramref name="Jitter"/> in [0, 1) places the next attempt within the backoff.
    /// </summary>
    /// <param name="Token">The claim's token.</param>
    /// <param name="Error">What went wrong, for people.</param>
    /// <param name="MayRetry">False: no further attempt can help; the task is dead at once.</param>
    /// <param name="Jitter">A random number in [0, 1).</param>
    public sealed record Fail(LeaseToken Token, string Error, bool MayRetry, double Jitter) : TaskCommand
    {
        /// <summary>How long the worker computed, as it says; null: it doesn't.</summary>
        public TimeSpan? Computed { get; init; }
    }

    /// <summary>The worker gives the task back undone; that is no failed attempt.</summary>
    public sealed record Release(LeaseToken Token, TimeSpan Delay = default) : TaskCommand;

    /// <summary>The worker is still at it. <paramref name="LeaseTime"/> null: the task's own, from now on.</summary>
    public sealed record Heartbeat(
        LeaseToken Token, TimeSpan? LeaseTime = null, double? Progress = null, ReadOnlyMemory<byte>? Checkpoint = null)
            : TaskCommand;

    /// <summary>The submitter doesn't want it any more.</summary>
    public sealed record Cancel : TaskCommand
    {
        public static readonly Cancel Instance = new();
    }

    /// <summary>Somebody wants a dead task run again, with all its attempts.</summary>
    public sealed record Retry : TaskCommand
    {
        public static readonly Retry Instance = new();
    }

    /// <summary>Somebody wants an unfinished task claimed earlier, or later.</summary>
    public sealed record Reprioritize(int Priority) : TaskCommand;

    /// <summary>Time has passed: the sweep moves on what is due.</summary>
    public sealed record Tick : TaskCommand
    {
        public static readonly Tick Instance = new();
    }
}
