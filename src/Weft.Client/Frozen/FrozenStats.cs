namespace Weft.Client.Frozen;

/// <summary>The coordinator's counts of tasks by state.</summary>
/// <param name="Uptime">Seconds since the coordinator started.</param>
public sealed record FrozenStats(long TotalTasks, long Pending, long Processing, long Completed, long Failed,
    double Uptime, FrozenWorkers Workers);

/// <summary>The workers that the coordinator has seen since it started.</summary>
/// <param name="Active">Workers seen in the last 10 s.</param>
public sealed record FrozenWorkers(int Total, int Active);
