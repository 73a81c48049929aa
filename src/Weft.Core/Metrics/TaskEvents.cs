using Weft.Core.Tasks;

namespace Weft.Core.Metrics;

/// <summary>What is counted about tasks. One command can be several of these.</summary>
[Flags]
public enum TaskEvents : ushort
{
    None = 0,
    Submitted = 1 << 0,
    Claimed = 1 << 1,
    Completed = 1 << 2,

    /// <summary>A worker reported that its attempt failed.</summary>
    Failed = 1 << 3,

    /// <summary>The same, and no further attempt can succeed.</summary>
    FailedFatally = 1 << 4,

    /// <summary>An attempt's lease expired.</summary>
    Lapsed = 1 << 5,

    DeadByAttempts = 1 << 6,
    DeadByFatalFailure = 1 << 7,
    DeadByExpiry = 1 << 8,
    Cancelled = 1 << 9,
    Released = 1 << 10,
    Retried = 1 << 11,
    Heartbeat = 1 << 12,

    /// <summary>Retention deleted a finished task.</summary>
    Deleted = 1 << 13,
}

/// <summary>Derives from a decision of <see cref="TaskLife"/> what to count.</summary>
public static class TaskEventsOf
{
    /// <summary>The number of members of <see cref="TaskEvents"/>, except None.</summary>
    internal const int Count = 14;

    /// <summary>The events of <paramref name="command"/>, which changed the task to <paramref name="next"/>.</summary>
    public static TaskEvents Decision(TaskRecord task, TaskCommand command, TaskRecord next) => command switch
    {
        TaskCommand.Claim => TaskEvents.Claimed,
        TaskCommand.Complete or TaskCommand.Believe => TaskEvents.Completed,
        TaskCommand.Doubt => TaskEvents.DeadByAttempts,
        TaskCommand.Fail fail => Failure(task, fail, next),
        TaskCommand.Release => TaskEvents.Released,
        TaskCommand.Heartbeat => TaskEvents.Heartbeat,
        TaskCommand.Cancel => TaskEvents.Cancelled,
        TaskCommand.Retry => TaskEvents.Retried,
        TaskCommand.Tick => Tick(task, next),
        _ => TaskEvents.None,
    };

    private static TaskEvents Failure(TaskRecord task, TaskCommand.Fail command, TaskRecord next)
    {
        // The sweep has already counted an expired lease: don't count the same attempt twice.
        var isCounted = task.State != TaskState.Leased;
        if (command.MayRetry)
        {
            return (isCounted ? TaskEvents.None : TaskEvents.Failed)
                | (next.State == TaskState.Dead ? TaskEvents.DeadByAttempts : TaskEvents.None);
        }

        return (isCounted ? TaskEvents.None : TaskEvents.FailedFatally) | TaskEvents.DeadByFatalFailure;
    }

    private static TaskEvents Tick(TaskRecord task, TaskRecord next)
    {
        if (next.Failures > task.Failures)
        {
            return TaskEvents.Lapsed | (next.State == TaskState.Dead ? TaskEvents.DeadByAttempts : TaskEvents.None);
        }

        return next.State == TaskState.Dead ? TaskEvents.DeadByExpiry : TaskEvents.None;
    }
}
