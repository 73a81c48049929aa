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

    /// <summary>What is told of a change that was made.</summary>
    public static ChangeOutcome Of(TaskCommand command, TaskRecord changed) =>
        new(Refusal.None, command is TaskCommand.Heartbeat ? changed.Lease?.ExpiresAt : null);
}

/// <summary>What became of changes, and what was claimed after them.</summary>
/// <param name="Changes">One for each change, in order.</param>
public readonly record struct SettleOutcome(IReadOnlyList<ChangeOutcome> Changes, IReadOnlyList<ClaimedTask> Claimed);
