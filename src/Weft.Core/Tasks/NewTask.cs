using Weft.Core.Matching;
using Weft.Core.Modules;
using Weft.Core.Tracing;
using Weft.Core.Verification;

namespace Weft.Core.Tasks;

/// <summary>A task as its submitter wants it; <see cref="TaskLife.Create"/> makes it a record.</summary>
public sealed record NewTask
{
    public string Queue { get; init; } = Limits.QueueDefault;
    public string? Type { get; init; }
    public required Payload Payload { get; init; }
    public int Priority { get; init; }

    /// <summary>When the task may first be claimed; null or past: at once. Wins over <see cref="Delay"/>.</summary>
    public DateTimeOffset? RunAt { get; init; }

    /// <summary>How long to wait before the task may first be claimed.</summary>
    public TimeSpan Delay { get; init; }

    public int MaxAttempts { get; init; } = Limits.MaxAttemptsDefault;

    /// <summary>How long a lease lasts where the claim doesn't say; null: the coordinator's default.</summary>
    public TimeSpan? LeaseTime { get; init; }

    /// <summary>After this time a task that isn't finished dies; null for never.</summary>
    public TimeSpan? ExpiresIn { get; init; }

    /// <summary>The module to run; null: the queue's, if it has one.</summary>
    public ModuleHash? Module { get; init; }

    /// <summary>
    /// How to run it, as <see cref="ModuleCall.Run"/>, in place of what the queue says; empty: as the defaults say;
    /// null: as the queue says.
    /// </summary>
    public ReadOnlyMemory<byte>? Run { get; init; }

    /// <summary>The files that the task finds; null for none.</summary>
    public FileSet? Files { get; init; }

    /// <summary>The packages that its script imports, as they were named; null for none.</summary>
    public IReadOnlyList<string>? Packages { get; init; }

    /// <summary>Whether one of its packages has code for Pyodide.</summary>
    public bool NeedsPyodide { get; init; }

    /// <summary>
    /// When its result is believed; null: as its queue says, and if that says nothing, at once.
    /// </summary>
    public VerificationPolicy? Verify { get; init; }

    public GroupId? Group { get; init; }
    public Requirements Requires { get; init; } = Requirements.None;

    /// <summary>The trace that it was submitted in; null for none.</summary>
    public TaskTrace? Trace { get; init; }
}
