namespace Weft.Contracts;

/// <summary>
/// A worker as the coordinator, and those that share its store, know it since their start: by what it asked for and
/// said.
/// </summary>
/// <param name="Id">The worker's own name.</param>
/// <param name="Active">It waits for work, or was seen within the last 10 s.</param>
/// <param name="Claimed">Tasks that it was given.</param>
/// <param name="Completed">Tasks that it completed, where it said who it is.</param>
/// <param name="Failed">Attempts that it reported as failed, where it said who it is.</param>
/// <param name="Tasks">Ids of the tasks in its hands, up to 100, the lease that ends first first.</param>
/// <param name="Queues">From which it last asked for tasks; null when it has asked for none.</param>
/// <param name="Capabilities">What it then said it has; null when it said nothing.</param>
/// <param name="ModulesOnly">True when it then asked for nothing but tasks with a module; null: for any.</param>
public sealed record Worker(
    string Id, bool Active, DateTimeOffset FirstSeenAt, DateTimeOffset LastSeenAt, long Claimed, long Completed,
    long Failed, IReadOnlyList<long> Tasks,
    IReadOnlyList<string>? Queues = null, IReadOnlyList<string>? Capabilities = null, bool? ModulesOnly = null);

/// <param name="Workers">The last seen first.</param>
public sealed record WorkerList(IReadOnlyList<Worker> Workers);
