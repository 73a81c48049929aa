namespace Weft.Core.Storage;

public sealed record QueueCounts(string Queue, bool Paused, StateCounts Counts);

/// <summary>Tasks that are claimable, or have just become so.</summary>
public readonly record struct ReadyTasks(string Queue, Matching.Requirements Requires, int Count);
