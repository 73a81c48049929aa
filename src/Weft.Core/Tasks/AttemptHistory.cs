namespace Weft.Core.Tasks;

/// <summary>
/// What is kept of a task's attempts. The record has the last one; the others are kept as they end. A first attempt
/// that completes is kept nowhere else: most tasks never cost more.
/// </summary>
public static class AttemptHistory
{
    /// <summary>The attempt that a transition ends, where it must be kept; null where it needn't be.</summary>
    /// <param name="old">The task as it was.</param>
    /// <param name="next">What <paramref name="command"/> made of it.</param>
    /// <param name="command">What was accepted.</param>
    /// <param name="now">When.</param>
    public static TaskAttempt? Ended(TaskRecord old, TaskRecord next, TaskCommand command, DateTimeOffset now)
    {
        if (OutcomeOf(old, command, now) is not { } outcome) return null;
        if (old is not { Lease: { } lease, WorkerId: { } worker }) return null;
        var error = command is TaskCommand.Fail or TaskCommand.Tick ? next.Error : null;
        return new(old.Attempt, worker, lease.ClaimedAt, now, outcome, error);
    }

    /// <summary>
    /// Whether an attempt that was kept as lapsed goes on: its worker sent a heartbeat before anybody else claimed.
    /// </summary>
    public static bool GoesOn(TaskRecord old, TaskCommand command) =>
        command is TaskCommand.Heartbeat && old.State != TaskState.Leased;

    /// <summary>All attempts, the first first: those kept, and the last one if only the record has it.</summary>
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
            // Work that comes after a lapse takes the place of the lapse.
            TaskCommand.Complete when old.Attempt > 1 || !isLeased => AttemptOutcome.Completed,
            // What is believed later ends no attempt any more.
            TaskCommand.Answer => AttemptOutcome.Completed,
            TaskCommand.Fail => AttemptOutcome.Failed,
            TaskCommand.Release when isLeased => AttemptOutcome.Released,
            TaskCommand.Cancel when isLeased => AttemptOutcome.Cancelled,
            TaskCommand.Tick when isLeased => old.ExpiresAt <= now ? AttemptOutcome.Expired : AttemptOutcome.Lapsed,
            _ => null,
        };
    }
}
