using Weft.Core.Tasks;

namespace Weft.Core.Storage;

/// <summary>A command and the task that it is for.</summary>
public readonly record struct TaskChange(TaskId Id, TaskCommand Command)
{
    /// <summary>A task of any other queue counts as absent; null: no queue does.</summary>
    public IReadOnlyList<string>? Queues { get; init; }
}

/// <summary>What became of changes, and what was claimed after them.</summary>
/// <param name="Refusals">One for each change, in order.</param>
public readonly record struct SettleOutcome(IReadOnlyList<Refusal> Refusals, IReadOnlyList<ClaimedTask> Claimed);
