using Weft.Core.Modules;

namespace Weft.Core.Tasks;

/// <summary>A command on a task. Any randomness is part of the command, so that deciding is pure.</summary>
public abstract record TaskCommand
{
    private TaskCommand()
    {
    }

    /// <summary>Whether it is a worker's report on a task that it has.</summary>
    public bool IsReport => this is Complete or Fail or Release or Heartbeat;

    /// <summary>
    /// How long the worker computed until this report, as it says; at most <paramref name="held"/>, the time for which
    /// it had the task. Null: not reported.
    /// </summary>
    public TimeSpan? ComputedWithin(TimeSpan held) =>
        (this is Complete complete ? complete.Computed : (this as Fail)?.Computed) is { } told
            ? told < held ? told : held
            : null;

    /// <summary>A worker claims a ready task. <paramref name="LeaseTime"/> null: the task's own.</summary>
    public sealed record Claim(LeaseToken Token, string WorkerId, TimeSpan? LeaseTime = null) : TaskCommand;

    /// <summary>
    /// The work is done. A null <paramref name="Token"/> comes from clients without lease tokens: it is accepted from
    /// anybody while the task has no result. <paramref name="Result"/> is valid JSON.
    /// </summary>
    public sealed record Complete(LeaseToken? Token, ReadOnlyMemory<byte> Result) : TaskCommand
    {
        /// <summary>The output files, whose blobs are stored; null for none.</summary>
        public FileSet? Outputs { get; init; }

        /// <summary>How long the worker computed, as it reported; null: not reported.</summary>
        public TimeSpan? Computed { get; init; }
    }

    /// <summary>The work is done, but its result has to be verified by others first. Only for verified tasks.</summary>
    public sealed record Answer(LeaseToken Token) : TaskCommand;

    /// <summary>The answer is accepted: it becomes the task's result.</summary>
    public sealed record Believe : TaskCommand
    {
        public static readonly Believe Instance = new();
    }

    /// <summary>No answer can be accepted. <paramref name="Error"/> says why, human-readable.</summary>
    public sealed record Doubt(string Error) : TaskCommand;

    /// <summary>
    /// The attempt failed. <paramref name="Jitter"/> in [0, 1) places the next attempt within the backoff.
    /// </summary>
    /// <param name="Token">The claim's token.</param>
    /// <param name="Error">What went wrong, human-readable.</param>
    /// <param name="MayRetry">False: no further attempt can succeed; the task becomes dead at once.</param>
    /// <param name="Jitter">A random number in [0, 1).</param>
    public sealed record Fail(LeaseToken Token, string Error, bool MayRetry, double Jitter) : TaskCommand
    {
        /// <summary>How long the worker computed, as it reported; null: not reported.</summary>
        public TimeSpan? Computed { get; init; }
    }

    /// <summary>The worker releases the task, which doesn't count as a failed attempt.</summary>
    public sealed record Release(LeaseToken Token, TimeSpan Delay = default) : TaskCommand;

    /// <summary>
    /// The worker is still running the task. <paramref name="LeaseTime"/> null: the task's own, from now on.
    /// </summary>
    public sealed record Heartbeat(
        LeaseToken Token, TimeSpan? LeaseTime = null, double? Progress = null, ReadOnlyMemory<byte>? Checkpoint = null)
            : TaskCommand;

    /// <summary>The submitter cancels the task.</summary>
    public sealed record Cancel : TaskCommand
    {
        public static readonly Cancel Instance = new();
    }

    /// <summary>A dead task is retried, with all its attempts.</summary>
    public sealed record Retry : TaskCommand
    {
        public static readonly Retry Instance = new();
    }

    /// <summary>An unfinished task gets another priority.</summary>
    public sealed record Reprioritize(int Priority) : TaskCommand;

    /// <summary>Time has passed: the sweep processes what is due.</summary>
    public sealed record Tick : TaskCommand
    {
        public static readonly Tick Instance = new();
    }
}
