namespace Weft.Storage.Moving;

/// <summary>All that a store holds of a task, as it is stored: times are milliseconds since 1970 UTC, states are numbers.</summary>
internal sealed record MovedTask
{
    public required long Id { get; init; }
    public required int Lane { get; init; }
    public required short State { get; init; }
    public required short Priority { get; init; }
    public required int Attempt { get; init; }
    public required int Failures { get; init; }
    public required int MaxAttempts { get; init; }
    public required int LeaseMilliseconds { get; init; }
    public required long SubmittedAt { get; init; }
    public required long? RunAt { get; init; }
    public required long? ExpiresAt { get; init; }
    public required long? DueAt { get; init; }
    public required long? LeaseToken { get; init; }
    public required string? LeaseWorker { get; init; }
    public required long? LeaseFrom { get; init; }
    public required long? LeaseUntil { get; init; }
    public required double? Progress { get; init; }
    public required long? FinishedAt { get; init; }
    public required long? Group { get; init; }
    public required long? GroupFinish { get; init; }
    public required string? Type { get; init; }
    public required bool IsJson { get; init; }
    public required ReadOnlyMemory<byte> Payload { get; init; }
    public required ReadOnlyMemory<byte>? Result { get; init; }
    public required ReadOnlyMemory<byte>? Checkpoint { get; init; }
    public required string? Error { get; init; }
    public required long? Owner { get; init; }
    public required long? Module { get; init; }
    public required ReadOnlyMemory<byte>? Run { get; init; }

    /// <summary>The idempotency key that it came with.</summary>
    public required string? Key { get; init; }

    public long Bytes => Payload.Length + (Result?.Length ?? 0) + (Checkpoint?.Length ?? 0) + (Run?.Length ?? 0);
}
