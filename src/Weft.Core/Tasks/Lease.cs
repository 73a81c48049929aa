namespace Weft.Core.Tasks;

/// <summary>The newest claim of a task: since when somebody has it, and until when nobody else gets it.</summary>
public sealed record Lease(LeaseToken Token, DateTimeOffset ClaimedAt, DateTimeOffset ExpiresAt);
