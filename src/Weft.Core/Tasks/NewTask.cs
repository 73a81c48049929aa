using Weft.Core.Matching;
using Weft.Core.Modules;
using Weft.Core.Tracing;
using Weft.Core.Verification;

namespace Weft.Core.Tasks;

/// <summary>A submitted task; <see cref="TaskLife.Create"/> creates its record.</summary>
public sealed record NewTask
{
    public string Queue { get; init; } = Limits.QueueDefault;
    public string? Type { get; init; }
    public required Payload Payload { get; init; }
    public int Priority { get; init; }

    /// <summary>
    /// When the task may first be claimed; null or past: at once. Takes precedence over <see cref="Delay"/>.
    /// </summary>
    public DateTimeOffset? RunAt { get; init; }

    /// <summary>How long to wait before the task may first be claimed.</summary>
    public TimeSpan Delay { get; init; }

    public int MaxAttempts { get; init; } = Limits.MaxAttemptsDefault;

    /// <summary>The length of a lease unless the claim sets its own; null: the coordinator's default.</summary>
    public TimeSpan? LeaseTime { get; init; }

    /// <summary>After this time an unfinished task becomes dead; null for never.</summary>
    public TimeSpan? ExpiresIn { get; init; }

    /// <summary>The module to run; null: the queue's, if it has one.</summary>
    public ModuleHash? Module { get; init; }

    /// <summary>
    /// How to run it, as <see cref="ModuleCall.Run"/>, instead of the queue's setting; empty: the defaults; null: as
    /// the queue says.
    /// </summary>
    public ReadOnlyMemory<byte>? Run { get; init; }

    /// <summary>The files that the task finds; null for none.</summary>
    public FileSet? Files { get; init; }

    /// <summary>The packages that its script imports, as the submitter named them; null for none.</summary>
    public IReadOnlyList<string>? Packages { get; init; }

    /// <summary>Whether one of its packages has code for Pyodide.</summary>
    public bool NeedsPyodide { get; init; }

    /// <summary>How to verify its result; null: as its queue says, otherwise it is accepted at once.</summary>
    public VerificationPolicy? Verify { get; init; }

    public GroupId? Group { get; init; }
    public Requirements Requires { get; init; } = Requirements.None;

    /// <summary>The trace that it was submitted in; null for none.</summary>
    public TaskTrace? Trace { get; init; }
}
