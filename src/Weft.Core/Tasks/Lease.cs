namespace Weft.Core.Tasks;

/// <summary>The newest claim of a task: who has it, and until when nobody else gets it.</summary>
public sealed record Lease(LeaseToken Token, string WorkerId, DateTimeOffset ClaimedAt, DateTimeOffset ExpiresAt);
