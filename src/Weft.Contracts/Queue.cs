namespace Weft.Contracts;

/// <param name="Name">What <c>queue</c> of a task says.</param>
/// <param name="Paused">True: nothing is claimed from it.</param>
/// <param name="Counts">Its tasks by state.</param>
/// <param name="Module">What its tasks run that name no module themselves; null for nothing.</param>
/// <param name="Run">How; null: as the defaults say.</param>
/// <param name="Workers">Workers that were seen within the last 60 s and last asked for tasks of this queue, among
/// others perhaps.</param>
/// <param name="Unserved">Of its ready tasks those that none of these workers may have: there is none, or none has what
/// they require. Paused or not.</param>
public sealed record Queue(string Name, bool Paused, StateCounts Counts, string? Module = null, ModuleRun? Run = null,
    int Workers = 0, long Unserved = 0);

/// <param name="Queues">By name.</param>
/// <param name="Next">The <c>after</c> of the next page; null: there is none.</param>
public sealed record QueueList(IReadOnlyList<Queue> Queues, string? Next = null);

/// <summary>One queue, with what waits in it.</summary>
/// <param name="Name">What <c>queue</c> of a task says.</param>
/// <param name="Paused">True: nothing is claimed from it.</param>
/// <param name="Counts">Its tasks by state.</param>
/// <param name="Workers">As in <see cref="Queue"/>.</param>
/// <param name="Unserved">As in <see cref="Queue"/>.</param>
/// <param name="Lanes">Its ready tasks by what they require, the most first; at most 100.</param>
public sealed record QueueDetail(
    string Name, bool Paused, StateCounts Counts, int Workers, long Unserved, IReadOnlyList<QueueLane> Lanes);

/// <param name="Requires">What the tasks require, sorted; empty: nothing.</param>
/// <param name="Ready">How many are ready.</param>
/// <param name="Workers">How many of the queue's workers may have them; 0: nobody can run them.</param>
public sealed record QueueLane(IReadOnlyList<string> Requires, long Ready, int Workers);

/// <param name="Paused">Whether anything is claimed from the queue from now on.</param>
public sealed record QueuePause(bool Paused);
