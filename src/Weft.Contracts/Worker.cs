namespace Weft.Contracts;

/// <summary>A worker as known to the coordinators of this store since they started, from its own requests.</summary>
/// <param name="Id">The worker's own name.</param>
/// <param name="Active">It waits for work, or was seen within the last 10 s.</param>
/// <param name="Claimed">Tasks that it received.</param>
/// <param name="Completed">Tasks that it completed, counted only if its report named it.</param>
/// <param name="Failed">Attempts that it reported as failed, counted only if its report named it.</param>
/// <param name="Tasks">Ids of the tasks that it is running, up to 100, ordered by the end of their leases.</param>
/// <param name="Queues">The queues of its last claim; null if it has made none.</param>
/// <param name="Capabilities">The capabilities in its last claim; null for none.</param>
/// <param name="ModulesOnly">True if its last claim was only for tasks with a module; otherwise null.</param>
public sealed record Worker(
    string Id, bool Active, DateTimeOffset FirstSeenAt, DateTimeOffset LastSeenAt, long Claimed, long Completed,
    long Failed, IReadOnlyList<long> Tasks,
    IReadOnlyList<string>? Queues = null, IReadOnlyList<string>? Capabilities = null, bool? ModulesOnly = null);

/// <param name="Workers">Most recently seen first.</param>
public sealed record WorkerList(IReadOnlyList<Worker> Workers);
