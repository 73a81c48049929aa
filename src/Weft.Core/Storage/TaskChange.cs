using Weft.Core.Access;
using Weft.Core.Tasks;

namespace Weft.Core.Storage;

/// <summary>A command and its task.</summary>
public readonly record struct TaskChange(TaskId Id, TaskCommand Command)
{
    /// <summary>Tasks of other queues are treated as absent; null: all queues are included.</summary>
    public IReadOnlyList<string>? Queues { get; init; }

    /// <summary>
    /// The owner whose limits a <see cref="TaskCommand.Retry"/> counts against: the task's owner. Null: no limits are
    /// checked.
    /// </summary>
    public TokenId? Owner { get; init; }
}

/// <summary>The outcome of one change.</summary>
/// <param name="Refusal">Why it was refused; <see cref="Refusal.None"/> if it was made.</param>
/// <param name="LeaseExpiresAt"> After a heartbeat: when the lease ends, by the store's clock. Otherwise null.
/// </param>
public readonly record struct ChangeOutcome(Refusal Refusal, DateTimeOffset? LeaseExpiresAt = null)
{
    public static implicit operator ChangeOutcome(Refusal refusal) => new(refusal);

    /// <summary>
    /// How long the result took to compute, as its worker reports, but at most for as long as it had the task. Null: no
    /// result was accepted, or it was accepted before.
    /// </summary>
    public TimeSpan? Computed { get; init; }

    /// <summary>The outcome of a change that was made.</summary>
    public static ChangeOutcome Of(TaskCommand command, TaskRecord changed) =>
        new(Refusal.None, command is TaskCommand.Heartbeat ? changed.Lease?.ExpiresAt : null);

    /// <summary>The value of <see cref="Computed"/> for an accepted complete.</summary>
    /// <param name="complete">The result.</param>
    /// <param name="task">The task before it.</param>
    /// <param name="now">When it arrived.</param>
    public static TimeSpan? ComputedOf(TaskCommand.Complete complete, TaskRecord task, DateTimeOffset now) =>
        // A task that is completed, or whose answer is being checked, already has its result: this one was sent again.
        task.State.IsFinal || task.State == TaskState.Checking
            ? null
            : complete.ComputedWithin(now - (task.Lease?.ClaimedAt ?? now)) ?? TimeSpan.Zero;

    /// <summary>Whether the worker gets the same response.</summary>
    public bool Equals(ChangeOutcome other) => Refusal == other.Refusal && LeaseExpiresAt == other.LeaseExpiresAt;

    public override int GetHashCode() => HashCode.Combine(Refusal, LeaseExpiresAt);
}

/// <summary>The outcomes of changes, and the tasks claimed after them.</summary>
/// <param name="Changes">One for each change, in order.</param>
public readonly record struct SettleOutcome(IReadOnlyList<ChangeOutcome> Changes, IReadOnlyList<ClaimedTask> Claimed);
