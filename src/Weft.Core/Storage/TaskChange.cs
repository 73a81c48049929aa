using Weft.Core.Access;
using Weft.Core.Tasks;

namespace Weft.Core.Storage;

/// <summary>A command and the task that it is for.</summary>
public readonly record struct TaskChange(TaskId Id, TaskCommand Command)
{
    /// <summary>A task of any other queue counts as absent; null: no queue does.</summary>
    public IReadOnlyList<string>? Queues { get; init; }

    /// <summary>
    /// Whose room a <see cref="TaskCommand.Retry"/> takes: the task's owner. Null: no room is looked at.
    /// </summary>
    public TokenId? Owner { get; init; }
}

/// <summary>What became of one change.</summary>
/// <param name="Refusal">Why it was refused; <see cref="Refusal.None"/> when it was made.</param>
/// <param name="LeaseExpiresAt">
/// After a heartbeat: until when nobody else gets the task, by the store's clock. Null after anything else.
/// </param>
public readonly record struct ChangeOutcome(Refusal Refusal, DateTimeOffset? LeaseExpiresAt = null)
{
    public static implicit operator ChangeOutcome(Refusal refusal) => new(refusal);

    /// <summary>
    /// How long the result took to compute, as its worker says and at most for as long as it had the task. Null: no
    /// result was taken, or it was taken before.
    /// </summary>
    public TimeSpan? Computed { get; init; }

    /// <summary>What is told of a change that was made.</summary>
    public static ChangeOutcome Of(TaskCommand command, TaskRecord changed) =>
        new(Refusal.None, command is TaskCommand.Heartbeat ? changed.Lease?.ExpiresAt : null);

    /// <summary>What <see cref="Computed"/> is of a complete that was accepted.</summary>
    /// <param name="complete">The result.</param>
    /// <param name="task">The task before it.</param>
    /// <param name="now">When it came.</param>
    public static TimeSpan? ComputedOf(TaskCommand.Complete complete, TaskRecord task, DateTimeOffset now) =>
        // A task that is done, or whose answer is being checked, has its result: this one was sent again.
        task.State.IsFinal || task.State == TaskState.Checking
            ? null
            : complete.ComputedWithin(now - (task.Lease?.ClaimedAt ?? now)) ?? TimeSpan.Zero;

    /// <summary>Whether the worker is told the same.</summary>
    public bool Equals(ChangeOutcome other) => Refusal == other.Refusal && LeaseExpiresAt == other.LeaseExpiresAt;

    public override int GetHashCode() => HashCode.Combine(Refusal, LeaseExpiresAt);
}

/// <summary>What became of changes, and what was claimed after them.</summary>
/// <param name="Changes">One for each change, in order.</param>
public readonly record struct SettleOutcome(IReadOnlyList<ChangeOutcome> Changes, IReadOnlyList<ClaimedTask> Claimed);
