using System.Text.Json;
using System.Text.Json.Serialization;

namespace Weft.Client.Frozen;

/// <summary>The state of a task.</summary>
/// <param name="Result">The empty string until the task is completed; then the result that its worker posted, usually a
/// string.</param>
/// <param name="WorkerId">The worker that claimed it last; null if it was never claimed.</param>
/// <param name="DurationMs">Milliseconds from the claim to the end; null until then.</param>
public sealed record FrozenReport(long TaskId, FrozenState Status, JsonElement Result, string? WorkerId = null,
    long? DurationMs = null)
{
    /// <summary>Whether the task's state is final, unless somebody retries it.</summary>
    public bool IsFinished => Status is FrozenState.Completed or FrozenState.Failed or FrozenState.Cancelled;
}

/// <summary>A task's state, in the terms of the frozen endpoints.</summary>
public enum FrozenState
{
    /// <summary>A worker may claim it, now or later.</summary>
    [JsonStringEnumMemberName("pending")]
    Pending,

    /// <summary>A worker is running it.</summary>
    [JsonStringEnumMemberName("processing")]
    Processing,

    /// <summary>It is completed.</summary>
    [JsonStringEnumMemberName("completed")]
    Completed,

    /// <summary>It failed, and has no attempts left.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>It was cancelled.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,
}
