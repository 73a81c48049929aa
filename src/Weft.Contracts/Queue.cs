namespace Weft.Contracts;

/// <param name="Name">What <c>queue</c> of a task says.</param>
/// <param name="Paused">True: nothing is claimed from it.</param>
/// <param name="Counts">Its tasks by state.</param>
/// <param name="Module">What its tasks run that name no module themselves; null for nothing.</param>
/// <param name="Run">How; null: as the defaults say.</param>
public sealed record Queue(string Name, bool Paused, StateCounts Counts, string? Module = null, ModuleRun? Run = null);

/// <param name="Queues">By name.</param>
public sealed record QueueList(IReadOnlyList<Queue> Queues);

/// <param name="Paused">Whether anything is claimed from the queue from now on.</param>
public sealed record QueuePause(bool Paused);
