using Weft.Core.Access;
using Weft.Core.Modules;
using Weft.Core.Tasks;

namespace Weft.Core.Storage;

[Flags]
public enum TaskParts : byte
{
    Record = 0,
    Payload = 1,
    Result = 2,
    Checkpoint = 4,
    Owner = 8,
    Module = 16,

    /// <summary>
    /// Leaves out each part of more than <see cref="Limits.PartBytesSmall"/>, and says in
    /// <see cref="StoredTask.LargeBytes"/> how large those are.
    /// </summary>
    SmallOnly = 32,
}

/// <summary>A task as it is stored, with the parts that were asked for.</summary>
public sealed record StoredTask(TaskRecord Task)
{
    public Payload? Payload { get; init; }

    /// <summary>Valid JSON; null while there is none.</summary>
    public ReadOnlyMemory<byte>? Result { get; init; }

    /// <summary>
    /// The files that came with the result, as <see cref="FileSet.Json"/>; null for none, or no result.
    /// </summary>
    public ReadOnlyMemory<byte>? Outputs { get; init; }

    public ReadOnlyMemory<byte>? Checkpoint { get; init; }

    /// <summary>Bytes of the parts that were left out, being large; 0: none was.</summary>
    public long LargeBytes { get; init; }

    /// <summary>Bytes of the parts that may be large, and are here.</summary>
    public long PartBytes => (Payload?.WireBytes ?? 0L) + (Result?.Length ?? 0) + (Checkpoint?.Length ?? 0);

    /// <summary>Who submitted it; null: nobody that is known.</summary>
    public TokenId? Owner { get; init; }

    /// <summary>What workers run for it; null for a task without a module.</summary>
    public ModuleCall? Module { get; init; }
}

/// <summary>A task and its attempts.</summary>
/// <param name="Owner">Who submitted it; null: nobody that is known.</param>
/// <param name="Attempts">As <see cref="AttemptHistory.Of"/> puts them together.</param>
public sealed record TaskHistory(TaskRecord Task, TokenId? Owner, IReadOnlyList<TaskAttempt> Attempts);

/// <param name="Tasks">May be fewer than asked for, or none, though more follow.</param>
/// <param name="Next">Where the next page goes on; null at the end.</param>
/// <param name="Scanned">How many tasks were looked at for it.</param>
public sealed record TaskPage(IReadOnlyList<TaskRecord> Tasks, TaskId? Next, int Scanned);

/// <summary>A task and the worker that has it.</summary>
public readonly record struct LeasedTask(TaskId Id, string WorkerId);
