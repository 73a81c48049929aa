using System.Text.Json;
using System.Text.Json.Serialization;

namespace Weft.Client.Frozen;

/// <summary>How a task is doing.</summary>
/// <param name="Result">The empty string until the task is completed; then what its worker posted, most often a
/// string.</param>
/// <param name="WorkerId">Who claimed it last; null when nobody has.</param>
/// <param name="DurationMs">Milliseconds from the claim to the end; null before.</param>
public sealed record FrozenReport(long TaskId, FrozenState Status, JsonElement Result, string? WorkerId = null,
    long? DurationMs = null)
{
    /// <summary>Nothing more will happen to the task by itself.</summary>
    public bool IsFinished => Status is FrozenState.Completed or FrozenState.Failed or FrozenState.Cancelled;
}

/// <summary>A task's state in the words of the frozen endpoints.</summary>
public enum FrozenState
{
    /// <summary>A worker may claim it, now or later.</summary>
    [JsonStringEnumMemberName("pending")]
    Pending,

    /// <summary>A worker has it.</summary>
    [JsonStringEnumMemberName("processing")]
    Processing,

    /// <summary>It has its result.</summary>
    [JsonStringEnumMemberName("completed")]
    Completed,

    /// <summary>Its attempts are used up.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Somebody called it off.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,
}
