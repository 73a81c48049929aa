namespace Weft.Core.Tasks;

/// <summary>
/// Decides which of a task's attempts are stored. The record has the last one; the others are stored as they end. A
/// first attempt that completes is stored nowhere else, which saves space for most tasks.
/// </summary>
public static class AttemptHistory
{
    /// <summary>The attempt that a transition ends, if it must be stored; otherwise null.</summary>
    /// <param name="old">The task before.</param>
    /// <param name="next">The task after <paramref name="command"/>.</param>
    /// <param name="command">The accepted command.</param>
    /// <param name="now">The time.</param>
    public static TaskAttempt? Ended(TaskRecord old, TaskRecord next, TaskCommand command, DateTimeOffset now)
    {
        if (OutcomeOf(old, command, now) is not { } outcome) return null;
        if (old is not { Lease: { } lease, WorkerId: { } worker }) return null;
        var error = command is TaskCommand.Fail or TaskCommand.Tick ? next.Error : null;
        return new(old.Attempt, worker, lease.ClaimedAt, now, outcome, error);
    }

    /// <summary>
    /// Whether an attempt stored as lapsed continues: its worker sent a heartbeat before anybody else claimed.
    /// </summary>
    public static bool GoesOn(TaskRecord old, TaskCommand command) =>
        command is TaskCommand.Heartbeat && old.State != TaskState.Leased;

    /// <summary>All attempts, first to last: the stored ones, and the last one if only the record has it.</summary>
    public static IReadOnlyList<TaskAttempt> Of(TaskRecord task, IReadOnlyList<TaskAttempt> kept)
    {
        if (task is not { Lease: { } lease, WorkerId: { } worker }) return kept;
        if (kept.Count > 0 && kept[^1].Attempt == task.Attempt) return kept;
        return task.State switch
        {
            TaskState.Leased => [.. kept, new(task.Attempt, worker, lease.ClaimedAt, null, null)],
            TaskState.Completed =>
                [.. kept, new(task.Attempt, worker, lease.ClaimedAt, task.FinishedAt, AttemptOutcome.Completed)],
            _ => kept,
        };
    }

    private static AttemptOutcome? OutcomeOf(TaskRecord old, TaskCommand command, DateTimeOffset now)
    {
        var isLeased = old.State == TaskState.Leased;
        return command switch
        {
            // A report that arrives after a lapse replaces it.
            TaskCommand.Complete when old.Attempt > 1 || !isLeased => AttemptOutcome.Completed,
            // Accepting an answer later doesn't end an attempt.
            TaskCommand.Answer => AttemptOutcome.Completed,
            TaskCommand.Fail => AttemptOutcome.Failed,
            TaskCommand.Release when isLeased => AttemptOutcome.Released,
            TaskCommand.Cancel when isLeased => AttemptOutcome.Cancelled,
            TaskCommand.Tick when isLeased => old.ExpiresAt <= now ? AttemptOutcome.Expired : AttemptOutcome.Lapsed,
            _ => null,
        };
    }
}
