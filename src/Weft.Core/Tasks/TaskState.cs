namespace Weft.Core.Tasks;

/// <summary>
/// Where a task stands. Each comment says who moves it on. The numbers are stored: never renumber; their order means
/// nothing.
/// </summary>
public enum TaskState : byte
{
    /// <summary>Waits for its time; the sweep makes it ready.</summary>
    Scheduled = 0,

    /// <summary>Waits for a worker; a claim leases it.</summary>
    Ready = 1,

    /// <summary>
    /// A worker has it; the worker settles it, or the sweep takes it back when the lease has run out.
    /// </summary>
    Leased = 2,

    /// <summary>Has its one result. Nobody moves it on; retention deletes it.</summary>
    Completed = 3,

    /// <summary>Failed for good or expired. Only an explicit retry moves it on; retention deletes it.</summary>
    Dead = 4,

    /// <summary>Called off by its submitter. Nobody moves it on; retention deletes it.</summary>
    Cancelled = 5,

    /// <summary>
    /// Has an answer that isn't believed yet; its checks move it on. Nobody can read that answer.
    /// </summary>
    Checking = 6,
}

public static class TaskStates
{
    /// <summary>How many states there are: the length of an array indexed by <see cref="TaskState"/>.</summary>
    public const int Count = 7;

    /// <summary>In the order of their numbers.</summary>
    public static ReadOnlySpan<TaskState> All =>
        [TaskState.Scheduled, TaskState.Ready, TaskState.Leased, TaskState.Completed, TaskState.Dead,
            TaskState.Cancelled, TaskState.Checking];

    /// <summary>Those that aren't final.</summary>
    public static ReadOnlySpan<TaskState> Unfinished =>
        [TaskState.Scheduled, TaskState.Ready, TaskState.Leased, TaskState.Checking];

    /// <summary>Those that time may move on, in the order in which a sweep looks for them.</summary>
    public static ReadOnlySpan<TaskState> Due =>
        [TaskState.Leased, TaskState.Scheduled, TaskState.Ready, TaskState.Checking];

    extension(TaskState state)
    {
        /// <summary>True for completed, dead and cancelled.</summary>
        public bool IsFinal => state is TaskState.Completed or TaskState.Dead or TaskState.Cancelled;
    }
}
