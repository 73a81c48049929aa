using Weft.Core.Matching;
using Weft.Core.Tracing;

namespace Weft.Core.Tasks;

/// <summary>
/// All of a task that decisions depend on, without its payload and result. Immutable: <see cref="TaskLife"/> creates
/// the next record. Times are UTC in whole milliseconds.
/// </summary>
public sealed record TaskRecord
{
    // Each change of a task creates a new record, so its size matters: a DateTimeOffset? takes three times as much.
    private readonly CompactTime _runAt;
    private readonly CompactTime _readyAt;
    private readonly CompactTime _expiresAt;
    private readonly CompactTime _finishedAt;

    public required TaskId Id { get; init; }
    public required string Queue { get; init; }
    public required TaskState State { get; init; }
    public required DateTimeOffset SubmittedAt { get; init; }

    /// <summary>The kind of work, as the submitter named it; null for none.</summary>
    public string? Type { get; init; }

    public Requirements Requires { get; init; } = Requirements.None;
    public GroupId? Group { get; init; }

    /// <summary>
    /// Higher is claimed first; see <see cref="Limits.PriorityMin"/> and <see cref="Limits.PriorityMax"/>.
    /// </summary>
    public int Priority { get; init; }

    /// <summary>How often the task was claimed; 1 after the first claim.</summary>
    public int Attempt { get; init; }

    /// <summary>How many attempts ended in a failure or an expired lease; a release doesn't count.</summary>
    public int Failures { get; init; }

    public int MaxAttempts { get; init; } = Limits.MaxAttemptsDefault;

    /// <summary>The length of a lease unless the claim sets its own.</summary>
    public TimeSpan LeaseTime { get; init; } = Limits.LeaseTimeDefault;

    /// <summary>When a scheduled task becomes ready; null in every other state.</summary>
    public DateTimeOffset? RunAt { get => _runAt.Value; init => _runAt = new(value); }

    /// <summary>When it last became ready, kept in later states. Null: never, or not since this was recorded.</summary>
    public DateTimeOffset? ReadyAt { get => _readyAt.Value; init => _readyAt = new(value); }

    /// <summary>When an unfinished task becomes dead; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get => _expiresAt.Value; init => _expiresAt = new(value); }

    /// <summary>
    /// The worker that claimed it last; null before the first claim. Kept in all later states, so that people can see
    /// which worker failed it.
    /// </summary>
    public string? WorkerId { get; init; }

    /// <summary>
    /// The newest lease. Kept after it has expired, since late work with the newest token is welcome, and after a
    /// completion, so that a repeated completion is recognized; fail and release clear it.
    /// </summary>
    public Lease? Lease { get; init; }

    /// <summary>The last attempt's progress, as its worker reported it, from 0 to 1.</summary>
    public double? Progress { get; init; }

    /// <summary>Why the last failed attempt failed.</summary>
    public string? Error { get; init; }

    public DateTimeOffset? FinishedAt { get => _finishedAt.Value; init => _finishedAt = new(value); }

    /// <summary>The trace that it was submitted in; null for none.</summary>
    public TaskTrace? Trace { get; init; }

    /// <summary>When the sweep must next process the task; null for never.</summary>
    public DateTimeOffset? DueAt
    {
        get
        {
            if (State.IsFinal) return null;
            var due = State switch
            {
                TaskState.Scheduled => RunAt,
                TaskState.Leased => Lease?.ExpiresAt,
                _ => null,
            };
            return due is null || ExpiresAt < due ? ExpiresAt ?? due : due;
        }
    }

    /// <summary>The invariants of every record. A violation is a bug in an engine, or damage to its store.</summary>
    /// <exception cref="InvalidOperationException">The record contradicts itself.</exception>
    public void AssertValid()
    {
        Assert(State != TaskState.Leased || (Lease is not null && WorkerId is not null), "is leased and has no lease");
        Assert(State != TaskState.Scheduled || Lease is null, "is scheduled and has a lease");
        Assert((State == TaskState.Scheduled) == (RunAt is not null),
            "has a time to become ready, or none, and its state says otherwise");
        Assert(State.IsFinal == (FinishedAt is not null),
            "has a time of finishing, or none, and its state says otherwise");
        Assert(Attempt >= 0 && Failures >= 0 && Failures <= MaxAttempts,
            "has more failures than attempts, or a negative number of them");
    }

    /// <summary>A time in UTC, or none, in eight bytes.</summary>
    private readonly record struct CompactTime(long UtcTicks)
    {
        public CompactTime(DateTimeOffset? value)
            : this(value?.UtcTicks ?? 0)
        {
        }

        public DateTimeOffset? Value => UtcTicks == 0 ? null : new(UtcTicks, TimeSpan.Zero);
    }

    private void Assert(bool holds, string otherwise)
    {
        if (!holds) throw Contradiction(otherwise);
    }

    // Separate, so that the check itself is small enough to be inlined: every change makes it.
    private InvalidOperationException Contradiction(string otherwise) => new(
        $"Task {Id} {otherwise}: {State}, attempt {Attempt}, {Failures} failures of {MaxAttempts}.");
}
