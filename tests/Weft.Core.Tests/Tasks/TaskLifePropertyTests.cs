using CsCheck;
using Weft.Core.Tasks;

namespace Weft.Core.Tests.Tasks;

/// <summary>What must hold of any task, whatever is done to it in whatever order.</summary>
public class TaskLifePropertyTests
{
    private static readonly Gen<TaskCommand> AnyCommand =
        Gen.Select(Gen.Int[0, 9], Gen.Long[1, 2].Select(static value => new LeaseToken(value)), Gen.Double[0, 0.99])
            .Select(static (kind, token, jitter) => kind switch
            {
                0 or 1 => (TaskCommand)new TaskCommand.Claim(token, "worker"),
                2 => new TaskCommand.Complete(token, "1"u8.ToArray()),
                3 => new TaskCommand.Complete(null, "1"u8.ToArray()),
                4 => new TaskCommand.Fail(token, "broken", MayRetry: jitter > 0.1, jitter),
                5 => new TaskCommand.Release(token, TimeSpan.FromSeconds(Math.Floor(jitter * 3))),
                6 => new TaskCommand.Heartbeat(token),
                7 => jitter < 0.2 ? TaskCommand.Cancel.Instance : TaskCommand.Tick.Instance,
                8 => TaskCommand.Retry.Instance,
                _ => TaskCommand.Tick.Instance,
            });

    private static readonly Gen<(TaskCommand Command, int Seconds)[]> AnyLife =
        Gen.Select(AnyCommand, Gen.Int[0, 90]).Array[1, 60];

    private static readonly Gen<NewTask> AnyTask =
        Gen.Select(Gen.Int[1, 4], Gen.Int[0, 30], Gen.Int[-200, 600]).Select(static (attempts, delay, expiry) =>
            TaskStages.Plain with { MaxAttempts = attempts, Delay = TimeSpan.FromSeconds(delay),
                ExpiresIn = expiry > 0 ? TimeSpan.FromSeconds(expiry) : null });

    [Fact]
    public void AnyLife_KeepsTheInvariants() => Gen.Select(AnyTask, AnyLife).Sample(static (newTask, life) =>
    {
        var task = TaskStages.Submitted(newTask);
        var now = TaskStages.Start;
        foreach (var (command, seconds) in life)
        {
            now += TimeSpan.FromSeconds(seconds);
            if (TaskStages.Life.Decide(task, command, now).Next is not { } next) continue;
            AssertStep(task, command, next);
            AssertRecord(next);
            task = next;
        }
    }, iter: 5_000);

    private static void AssertStep(TaskRecord task, TaskCommand command, TaskRecord next)
    {
        Assert.Equal(task.Attempt + (command is TaskCommand.Claim ? 1 : 0), next.Attempt);
        if (task.State.IsFinal) Assert.True(command is TaskCommand.Retry && task.State == TaskState.Dead);
        if (command is TaskCommand.Claim) Assert.Equal(TaskState.Ready, task.State);
        if (next.State == TaskState.Completed) Assert.IsType<TaskCommand.Complete>(command);
        if (command is TaskCommand.Complete { Token: { } token }) Assert.Equal(task.Lease!.Token, token);
    }

    private static void AssertRecord(TaskRecord task)
    {
        Assert.InRange(task.Failures, 0, task.MaxAttempts);
        // Neither more failures than claims, nor an unfinished task that has used up its attempts.
        Assert.True(task.Failures <= task.Attempt);
        Assert.True(task.State.IsFinal || task.Failures < task.MaxAttempts);
        Assert.Equal(task.State == TaskState.Scheduled, task.RunAt is not null);
        Assert.Equal(task.State.IsFinal, task.FinishedAt is not null);
        Assert.True(task.State != TaskState.Leased || task.Lease is not null);
        Assert.True(task.State is not (TaskState.Scheduled or TaskState.Leased) || task.DueAt is not null);
    }
}
