using Weft.Core.Tasks;
using static Weft.Core.Tests.Tasks.TaskStages;

namespace Weft.Core.Tests.Tasks;

public class TaskEndsTests
{
    private static readonly DateTimeOffset LeaseEnd = Start + LeaseTime;

    [Fact]
    public void Fail_CountsTheAttemptAndWaitsForTheBackoff()
    {
        var task = Leased().After(new TaskCommand.Fail(Current, "broken", MayRetry: true, Jitter: 0.5), Start);
        Assert.Equal((TaskState.Scheduled, 1, "broken"), (task.State, task.Failures, task.Error));
        Assert.Equal(Start + TimeSpan.FromMilliseconds(500), task.RunAt);
        Assert.Equal(task.RunAt, task.DueAt);
    }

    [Fact]
    public void Fail_WithoutBackoff_MakesTheTaskReadyAtOnce() =>
        Assert.Equal(TaskState.Ready,
            Leased().After(new TaskCommand.Fail(Current, "broken", MayRetry: true, Jitter: 0), Start).State);

    [Fact]
    public void Fail_AfterTheLeaseRanOut_IsNotCountedTwice() =>
        Assert.Equal(1,
            Lapsed().After(new TaskCommand.Fail(Current, "broken", MayRetry: true, Jitter: 0), LeaseEnd).Failures);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Fail_OfTheLastAttempt_KillsTheTask(int maxAttempts)
    {
        var task = Submitted(Plain with { MaxAttempts = maxAttempts });
        for (var attempt = 1; attempt <= maxAttempts; attempt++)
        {
            Assert.Equal(TaskState.Ready, task.State);
            task = task.After(new TaskCommand.Claim(Current, "worker"), Start);
            task = task.After(new TaskCommand.Fail(Current, "broken", MayRetry: true, Jitter: 0), Start);
        }

        Assert.Equal((TaskState.Dead, maxAttempts), (task.State, task.Attempt));
        Assert.Equal(Start, task.FinishedAt);
    }

    [Fact]
    public void Lapse_OfTheLastAttempt_KillsTheTask()
    {
        var task = Lapsed(Plain with { MaxAttempts = 2 }).After(new TaskCommand.Claim(Current, "worker"), LeaseEnd);
        task = task.After(TaskCommand.Tick.Instance, LeaseEnd + LeaseTime);
        Assert.Equal((TaskState.Dead, LeaseEnd + LeaseTime), (task.State, task.FinishedAt));
    }

    [Fact]
    public void Claim_OfAnExpiredTask_IsRefusedBeforeTheSweepComes()
    {
        var task = Submitted(Plain with { ExpiresIn = TimeSpan.FromSeconds(10) });
        Assert.Equal(Refusal.Expired,
            task.RefusalOf(new TaskCommand.Claim(Current, "worker"), Start + TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void Tick_WhenTheExpiryComesBeforeTheLeasesEnd_KillsTheTask()
    {
        var task = Leased(Plain with { ExpiresIn = TimeSpan.FromSeconds(10) });
        Assert.Equal(Start + TimeSpan.FromSeconds(10), task.DueAt);
        Assert.Equal(TaskState.Dead, task.After(TaskCommand.Tick.Instance, task.DueAt!.Value).State);
    }

    [Fact]
    public void Tick_OfAScheduledTask_WaitsForTheEarlierOfItsTimeAndItsExpiry()
    {
        var task = Submitted(Plain with { Delay = TimeSpan.FromSeconds(20), ExpiresIn = TimeSpan.FromSeconds(10) });
        Assert.Equal(Start + TimeSpan.FromSeconds(10), task.DueAt);
    }

    [Fact]
    public void Complete_ByTheHolderOfAnExpiredTask_IsAcceptedUntilTheSweepComes()
    {
        var task = Leased(Plain with { ExpiresIn = TimeSpan.FromSeconds(10) });
        Assert.Equal(TaskState.Completed,
            task.After(new TaskCommand.Complete(Current, "1"u8.ToArray()), LeaseEnd).State);
    }

    [Fact]
    public void Retry_GivesAllAttemptsBackAndNoExpiry()
    {
        var task =
            At("dead", Plain with { ExpiresIn = TimeSpan.FromDays(1) }).After(TaskCommand.Retry.Instance, LeaseEnd);
        Assert.Equal((TaskState.Ready, 0, 1), (task.State, task.Failures, task.Attempt));
        Assert.Null(task.ExpiresAt);
        Assert.Null(task.FinishedAt);
        Assert.Equal(Refusal.StaleLease, task.RefusalOf(new TaskCommand.Complete(Current, "1"u8.ToArray()), LeaseEnd));
    }

    [Theory]
    [InlineData("completed")]
    [InlineData("dead")]
    [InlineData("cancelled")]
    public void FinishedTask_IsNeverDueAgain(string stage)
    {
        var task = At(stage, Plain with { ExpiresIn = TimeSpan.FromMinutes(30) });
        Assert.Null(task.DueAt);
        Assert.NotNull(task.FinishedAt);
    }

    [Fact]
    public void Create_WithATimeToCome_Schedules()
    {
        var runAt = Start + TimeSpan.FromHours(2);
        var task = Submitted(Plain with { RunAt = runAt, Delay = TimeSpan.FromSeconds(5) });
        Assert.Equal((TaskState.Scheduled, runAt), (task.State, task.RunAt));
    }

    [Fact]
    public void Create_WithATimeThatHasPassed_IsReady()
    {
        var task = Submitted(Plain with { RunAt = Start - TimeSpan.FromHours(2) });
        Assert.Equal(TaskState.Ready, task.State);
        Assert.Null(task.RunAt);
    }
}
