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
    /// Omits each part of more than <see cref="Limits.PartBytesSmall"/>, and returns their size in
    /// <see cref="StoredTask.LargeBytes"/>.
    /// </summary>
    SmallOnly = 32,
}

/// <summary>A stored task, with the requested parts.</summary>
public sealed record StoredTask(TaskRecord Task)
{
    public Payload? Payload { get; init; }

    /// <summary>Valid JSON; null if there is none yet.</summary>
    public ReadOnlyMemory<byte>? Result { get; init; }

    /// <summary>The output files of the result, as <see cref="FileSet.Json"/>; null for none, or no result.</summary>
    public ReadOnlyMemory<byte>? Outputs { get; init; }

    public ReadOnlyMemory<byte>? Checkpoint { get; init; }

    /// <summary>Bytes of the large parts that were omitted; 0 for none.</summary>
    public long LargeBytes { get; init; }

    /// <summary>Bytes of the included parts of variable size.</summary>
    public long PartBytes => (Payload?.WireBytes ?? 0L) + (Result?.Length ?? 0) + (Checkpoint?.Length ?? 0);

    /// <summary>Who submitted it; null: unknown.</summary>
    public TokenId? Owner { get; init; }

    /// <summary>The module that workers run for it; null for none.</summary>
    public ModuleCall? Module { get; init; }
}

/// <summary>A task and its attempts.</summary>
/// <param name="Owner">Who submitted it; null: unknown.</param>
/// <param name="Attempts">As <see cref="AttemptHistory.Of"/> combines them.</param>
public sealed record TaskHistory(TaskRecord Task, TokenId? Owner, IReadOnlyList<TaskAttempt> Attempts);

/// <param name="Tasks">May be fewer than the limit, or none, even if more follow.</param>
/// <param name="Next">Where the next page starts; null at the end.</param>
/// <param name="Scanned">How many tasks were read for this page.</param>
public sealed record TaskPage(IReadOnlyList<TaskRecord> Tasks, TaskId? Next, int Scanned);

/// <summary>A task and the worker that has it.</summary>
public readonly record struct LeasedTask(TaskId Id, string WorkerId);
