namespace Weft.Core.Tasks;

/// <summary>The newest claim of a task: when it was made, and until when nobody else gets the task.</summary>
public sealed record Lease(LeaseToken Token, DateTimeOffset ClaimedAt, DateTimeOffset ExpiresAt);
