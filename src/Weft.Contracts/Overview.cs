namespace Weft.Contracts;

/// <summary>A coordinator's state for dashboards; at most a second old.</summary>
/// <param name="At">When this was the state, UTC.</param>
/// <param name="Version">The coordinator's version.</param>
/// <param name="Engine"><c>sqlite</c> or <c>postgres</c>.</param>
/// <param name="UptimeSeconds">Since this coordinator's start.</param>
/// <param name="Ready">Whether the store accepts changes.</param>
/// <param name="Counts">The tasks of all queues by state.</param>
/// <param name="PerSecond">Rates over the last minute, for all queues, at this coordinator.</param>
/// <param name="Workers">The workers of all coordinators that share the store.</param>
/// <param name="Attention">What an operator should look at, worst first; empty for nothing.</param>
/// <param name="Queues">The 100 with the most unfinished tasks.</param>
/// <param name="QueuesTotal">How many queues there are.</param>
/// <param name="Store">How full the store is.</param>
/// <param name="Bounds">How much of each bound on clients is in use.</param>
public sealed record Overview(
    DateTimeOffset At, string Version, string Engine, double UptimeSeconds, bool Ready, StateCounts Counts,
    TaskRates PerSecond, WorkerCounts Workers, IReadOnlyList<AttentionItem> Attention,
    IReadOnlyList<OverviewQueue> Queues, int QueuesTotal, StoreUse Store, BoundsUse Bounds);

/// <param name="Failed">Attempts that failed or whose lease expired.</param>
/// <param name="Dead">Tasks that became dead.</param>
public sealed record TaskRates(double Submitted, double Claimed, double Completed, double Failed, double Dead);

/// <param name="Active">Seen within the last 10 s, and not waiting.</param>
/// <param name="Waiting">Waiting for a task.</param>
/// <param name="Silent">Not seen for longer.</param>
public sealed record WorkerCounts(int Active, int Waiting, int Silent);

/// <param name="Code"><c>store_unready</c>, <c>unserved</c>, <c>paused</c>, <c>dead</c>, <c>failures</c>,
/// <c>unchecked</c>, <c>barred</c>, <c>overloaded</c> or <c>disk_low</c>.</param>
/// <param name="Detail">One human-readable sentence.</param>
/// <param name="Queue">The queue concerned; null: no single queue.</param>
/// <param name="Count">The number of tasks or attempts concerned; null if it doesn't apply.</param>
public sealed record AttentionItem(string Code, string Detail, string? Queue = null, long? Count = null);

/// <param name="Name">The queue's name.</param>
/// <param name="Paused">True: nothing is claimed from it.</param>
/// <param name="Counts">Its tasks by state.</param>
/// <param name="Workers">As in <see cref="Queue"/>.</param>
/// <param name="Unserved">As in <see cref="Queue"/>.</param>
/// <param name="PerSecond">As in <see cref="Overview"/>; all 0 for a queue without metrics of its own.</param>
public sealed record OverviewQueue(
    string Name, bool Paused, StateCounts Counts, int Workers, long Unserved, TaskRates PerSecond);

/// <param name="WaitingOperations">Operations queued for the store's writer.</param>
/// <param name="OperationsMax">The queue's limit; above three quarters, new tasks are refused.</param>
/// <param name="DatabaseBytes">Size of the embedded store's database; null for another engine.</param>
/// <param name="LogBytes">Size of its write-ahead log; null as above.</param>
/// <param name="FreeBytes">Free space on its disk; null as above.</param>
public sealed record StoreUse(
    int WaitingOperations, int OperationsMax, long? DatabaseBytes, long? LogBytes, long? FreeBytes);

/// <param name="HeldRequests">Requests that wait.</param>
/// <param name="HeldRequestsMax">Their limit.</param>
/// <param name="Connections">Open connections.</param>
/// <param name="ConnectionsMax">Their limit.</param>
/// <param name="BodyBytes">Memory used by large bodies.</param>
/// <param name="BodyBytesMax">Its limit.</param>
public sealed record BoundsUse(
    long HeldRequests, long HeldRequestsMax, long Connections, long ConnectionsMax, long BodyBytes, long BodyBytesMax);

/// <summary>Time series, by column.</summary>
/// <param name="Start">The time of the first value, UTC.</param>
/// <param name="StepSeconds">The interval between two values.</param>
/// <param name="Series">The values by name: <c>submitted</c>, <c>claimed</c>, <c>completed</c>, <c>failed</c> and
/// <c>dead</c> per second, and the counts <c>scheduled</c>, <c>ready</c> and <c>leased</c>; null: unknown.</param>
public sealed record TaskSeries(
    DateTimeOffset Start, double StepSeconds, IReadOnlyDictionary<string, IReadOnlyList<double?>> Series);
