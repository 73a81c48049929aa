namespace Weft.Core.Tasks;

/// <summary>
/// The state of a task. Each comment says who changes it next. The numbers are stored: never renumber; their order
/// means nothing.
/// </summary>
public enum TaskState : byte
{
    /// <summary>Scheduled for later; the sweep makes it ready.</summary>
    Scheduled = 0,

    /// <summary>Waits for a worker; a claim leases it.</summary>
    Ready = 1,

    /// <summary>
    /// A worker is running it; the worker settles it, or the sweep takes it back when the lease has expired.
    /// </summary>
    Leased = 2,

    /// <summary>Has its one result. Nothing changes it any more; retention deletes it.</summary>
    Completed = 3,

    /// <summary>Failed permanently or expired. Only an explicit retry changes it; retention deletes it.</summary>
    Dead = 4,

    /// <summary>Cancelled by its submitter. Nothing changes it any more; retention deletes it.</summary>
    Cancelled = 5,

    /// <summary>Has an unverified answer, which can't be read yet; its checks decide on it.</summary>
    Checking = 6,
}

public static class TaskStates
{
    /// <summary>The number of states: the length of an array indexed by <see cref="TaskState"/>.</summary>
    public const int Count = 7;

    /// <summary>In the order of their numbers.</summary>
    public static ReadOnlySpan<TaskState> All =>
        [TaskState.Scheduled, TaskState.Ready, TaskState.Leased, TaskState.Completed, TaskState.Dead,
            TaskState.Cancelled, TaskState.Checking];

    /// <summary>The states that aren't final.</summary>
    public static ReadOnlySpan<TaskState> Unfinished =>
        [TaskState.Scheduled, TaskState.Ready, TaskState.Leased, TaskState.Checking];

    /// <summary>The states that time may change, in the order in which a sweep looks for them.</summary>
    public static ReadOnlySpan<TaskState> Due =>
        [TaskState.Leased, TaskState.Scheduled, TaskState.Ready, TaskState.Checking];

    extension(TaskState state)
    {
        /// <summary>True for completed, dead and cancelled.</summary>
        public bool IsFinal => state is TaskState.Completed or TaskState.Dead or TaskState.Cancelled;
    }
}
