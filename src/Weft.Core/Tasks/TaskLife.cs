using System.Diagnostics;
using static Weft.Core.Tasks.Decision;

namespace Weft.Core.Tasks;

/// <summary>
/// The state machine: the only place that decides which command does what in which state. Pure: the same task, command
/// and time always lead to the same decision.
/// </summary>
public sealed class TaskLife(RetryPolicy retry)
{
    /// <summary>The record of a new task.</summary>
    public static TaskRecord Create(NewTask task, TaskId id, TimeSpan leaseTimeDefault, DateTimeOffset now)
    {
        var runAt = task.RunAt ?? now + task.Delay;
        var waits = runAt > now;
        return new()
        {
            Id = id,
            Queue = task.Queue,
            Type = task.Type,
            Requires = task.Requires,
            Group = task.Group,
            Priority = task.Priority,
            State = waits ? TaskState.Scheduled : TaskState.Ready,
            MaxAttempts = task.MaxAttempts,
            LeaseTime = task.LeaseTime ?? leaseTimeDefault,
            SubmittedAt = now,
            RunAt = waits ? runAt : null,
            ReadyAt = waits ? null : now,
            ExpiresAt = now + task.ExpiresIn,
            // A task that runs much later would leave a gap in the submitter's trace.
            Trace = waits && task.Trace is { } trace ? trace with { IsLink = true } : task.Trace,
        };
    }

    /// <summary>
    /// The record of a check of a task, which its submitter never sees. If it fails, another replaces it: the worker
    /// that failed it must not get it again at once.
    /// </summary>
    public static TaskRecord CreateCheck(TaskRecord parent, TaskId id, DateTimeOffset now) => new()
    {
        Id = id,
        Queue = parent.Queue,
        Type = parent.Type,
        Requires = parent.Requires.Check(),
        Priority = parent.Priority,
        State = TaskState.Ready,
        MaxAttempts = 1,
        LeaseTime = parent.LeaseTime,
        SubmittedAt = now,
        ReadyAt = now,
    };

    /// <summary>
    /// The decision about <paramref name="command"/> on <paramref name="task"/> at <paramref name="now"/>.
    /// </summary>
    public Decision Decide(TaskRecord task, TaskCommand command, DateTimeOffset now)
    {
        task.AssertValid();
        var decision = DecideValid(task, command, now);
        decision.Next?.AssertValid();
        return decision;
    }

    private Decision DecideValid(TaskRecord task, TaskCommand command, DateTimeOffset now) => command switch
    {
        TaskCommand.Claim claim => Claim(task, claim, now),
        TaskCommand.Complete complete => Complete(task, complete, now),
        TaskCommand.Answer answer => Answer(task, answer),
        TaskCommand.Believe => task.State == TaskState.Checking
            ? Accept(Finish(task, TaskState.Completed, now))
            : Refuse(Refusal.NotChecking),
        TaskCommand.Doubt doubt => task.State == TaskState.Checking
            ? Accept(Finish(task, TaskState.Dead, now) with { Error = doubt.Error })
            : Refuse(Refusal.NotChecking),
        TaskCommand.Fail fail => Fail(task, fail, now),
        TaskCommand.Release release => Release(task, release, now),
        TaskCommand.Heartbeat heartbeat => Heartbeat(task, heartbeat, now),
        TaskCommand.Cancel => Cancel(task, now),
        TaskCommand.Retry => Retry(task, now),
        TaskCommand.Reprioritize reprioritize => Reprioritize(task, reprioritize),
        TaskCommand.Tick => Tick(task, now),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "Unknown command."),
    };

    private static Decision Claim(TaskRecord task, TaskCommand.Claim command, DateTimeOffset now)
    {
        if (task.State != TaskState.Ready) return Refuse(Refusal.NotReady);
        if (task.ExpiresAt <= now) return Refuse(Refusal.Expired);
        return Accept(task with
        {
            State = TaskState.Leased,
            Attempt = task.Attempt + 1,
            WorkerId = command.WorkerId,
            Lease = new(command.Token, now, now + (command.LeaseTime ?? task.LeaseTime)),
            Progress = null,
        });
    }

    private static Decision Complete(TaskRecord task, TaskCommand.Complete command, DateTimeOffset now)
    {
        if (task.State is TaskState.Completed or TaskState.Checking && command.Token == task.Lease?.Token)
        {
            return Refuse(Refusal.AlreadyCompleted);
        }

        if (command.Token is { } token && RefusalOf(task, token) is var refusal and not Refusal.None)
        {
            return Refuse(refusal);
        }

        if (task.State == TaskState.Cancelled) return Refuse(Refusal.Cancelled);
        // A result must not replace an answer that is being checked.
        if (task.State.IsFinal || task.State == TaskState.Checking) return Refuse(Refusal.AlreadyFinished);
        return Accept(Finish(task, TaskState.Completed, now));
    }

    private static Decision Answer(TaskRecord task, TaskCommand.Answer command)
    {
        if (task.State is TaskState.Completed or TaskState.Checking && command.Token == task.Lease?.Token)
        {
            return Refuse(Refusal.AlreadyCompleted);
        }

        if (RefusalOf(task, command.Token) is var refusal and not Refusal.None) return Refuse(refusal);
        return Accept(task with { State = TaskState.Checking, RunAt = null });
    }

    private Decision Fail(TaskRecord task, TaskCommand.Fail command, DateTimeOffset now)
    {
        if (RefusalOf(task, command.Token) is var refusal and not Refusal.None) return Refuse(refusal);
        // The sweep has already counted an expired lease: don't count the same attempt twice.
        var failures = task.Failures + (task.State == TaskState.Leased ? 1 : 0);
        var failed = task with { Lease = null, Error = command.Error, Failures = failures };
        if (!command.MayRetry || failed.Failures >= failed.MaxAttempts)
        {
            return Accept(Finish(failed, TaskState.Dead, now));
        }

        return Accept(Wait(failed, retry.Delay(failed.Failures, command.Jitter), now));
    }

    private static Decision Release(TaskRecord task, TaskCommand.Release command, DateTimeOffset now)
    {
        if (RefusalOf(task, command.Token) is var refusal and not Refusal.None) return Refuse(refusal);
        return Accept(Wait(task with { Lease = null }, command.Delay, now));
    }

    private static Decision Heartbeat(TaskRecord task, TaskCommand.Heartbeat command, DateTimeOffset now)
    {
        if (RefusalOf(task, command.Token) is var refusal and not Refusal.None) return Refuse(refusal);
        // The token is the newest lease's.
        Debug.Assert(task.Lease is not null);
        return Accept(task with
        {
            State = TaskState.Leased,
            // An expired lease is renewed: the sweep counted the attempt as failed, but it isn't over.
            Failures = task.Failures - (task.State == TaskState.Leased ? 0 : 1),
            Lease = task.Lease with { ExpiresAt = now + (command.LeaseTime ?? task.LeaseTime) },
            Progress = command.Progress ?? task.Progress,
        });
    }

    private static Decision Cancel(TaskRecord task, DateTimeOffset now)
    {
        if (task.State == TaskState.Cancelled) return Refuse(Refusal.Cancelled);
        if (task.State.IsFinal) return Refuse(Refusal.AlreadyFinished);
        return Accept(Finish(task, TaskState.Cancelled, now));
    }

    private static Decision Retry(TaskRecord task, DateTimeOffset now)
    {
        if (task.State != TaskState.Dead) return Refuse(Refusal.NotDead);
        // An expiry in the past would make the task dead again before anybody could claim it.
        return Accept(task with
        {
            State = TaskState.Ready, ReadyAt = now, Failures = 0, Lease = null, ExpiresAt = null, FinishedAt = null,
            Progress = null,
        });
    }

    private static Decision Reprioritize(TaskRecord task, TaskCommand.Reprioritize command)
    {
        if (task.State == TaskState.Cancelled) return Refuse(Refusal.Cancelled);
        if (task.State.IsFinal) return Refuse(Refusal.AlreadyFinished);
        return Accept(task with { Priority = command.Priority });
    }

    private static Decision Tick(TaskRecord task, DateTimeOffset now)
    {
        if (task.State.IsFinal || !(task.DueAt <= now)) return Refuse(Refusal.NothingDue);
        if (task.ExpiresAt <= now)
        {
            return Accept(Finish(task, TaskState.Dead,
                now) with { Error = "The task expired before it was finished." });
        }

        if (task.State == TaskState.Scheduled) return Accept(MakeReady(task, now) with { RunAt = null });
        return Accept(ExpireLease(task, now));
    }

    private static TaskRecord ExpireLease(TaskRecord task, DateTimeOffset now)
    {
        var expired = task with { Failures = task.Failures + 1,
            Error = $"Worker {task.WorkerId} did not finish within its lease." };
        return expired.Failures >= expired.MaxAttempts ? Finish(expired, TaskState.Dead, now) : MakeReady(expired, now);
    }

    private static TaskRecord Wait(TaskRecord task, TimeSpan delay, DateTimeOffset now) => delay > TimeSpan.Zero
        ? task with { State = TaskState.Scheduled, RunAt = now + delay }
        : MakeReady(task, now);

    private static TaskRecord MakeReady(TaskRecord task, DateTimeOffset now) =>
        task with { State = TaskState.Ready, ReadyAt = now };

    private static TaskRecord Finish(TaskRecord task, TaskState state, DateTimeOffset now) =>
        task with { State = state, RunAt = null, FinishedAt = now };

    private static Refusal RefusalOf(TaskRecord task, LeaseToken token)
    {
        if (task.State == TaskState.Cancelled) return Refusal.Cancelled;
        if (task.Lease?.Token != token) return Refusal.StaleLease;
        if (task.State.IsFinal || task.State == TaskState.Checking) return Refusal.AlreadyFinished;
        return Refusal.None;
    }
}
