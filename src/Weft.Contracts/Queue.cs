namespace Weft.Contracts;

/// <param name="Name">The <c>queue</c> of a task.</param>
/// <param name="Paused">True: nothing is claimed from it.</param>
/// <param name="Counts">Its tasks by state.</param>
/// <param name="Module">The module for tasks that name none themselves; null for none.</param>
/// <param name="Run">How to run it; null for the defaults.</param>
/// <param name="Workers">Workers seen within the last 60 s whose last claim included this queue.</param>
/// <param name="Unserved">Ready tasks that none of these workers can run, because there are none or their capabilities
/// don't match. Counted even if the queue is paused.</param>
public sealed record Queue(string Name, bool Paused, StateCounts Counts, string? Module = null, ModuleRun? Run = null,
    int Workers = 0, long Unserved = 0);

/// <param name="Queues">By name.</param>
/// <param name="Next">The <c>after</c> for the next page; null at the end.</param>
public sealed record QueueList(IReadOnlyList<Queue> Queues, string? Next = null);

/// <summary>A queue with its waiting tasks by requirements.</summary>
/// <param name="Name">The <c>queue</c> of a task.</param>
/// <param name="Paused">True: nothing is claimed from it.</param>
/// <param name="Counts">Its tasks by state.</param>
/// <param name="Workers">As in <see cref="Queue"/>.</param>
/// <param name="Unserved">As in <see cref="Queue"/>.</param>
/// <param name="Lanes">Its ready tasks by requirements, largest first; at most 100.</param>
public sealed record QueueDetail(
    string Name, bool Paused, StateCounts Counts, int Workers, long Unserved, IReadOnlyList<QueueLane> Lanes);

/// <param name="Requires">The tasks' requirements, sorted; empty for none.</param>
/// <param name="Ready">How many are ready.</param>
/// <param name="Workers">How many of the queue's workers can run them.</param>
public sealed record QueueLane(IReadOnlyList<string> Requires, long Ready, int Workers);

/// <param name="Paused">Whether the queue is now paused.</param>
public sealed record QueuePause(bool Paused);
