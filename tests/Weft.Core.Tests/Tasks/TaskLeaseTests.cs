using Weft.Core.Tasks;
using static Weft.Core.Tests.Tasks.TaskStages;

namespace Weft.Core.Tests.Tasks;

public class TaskLeaseTests
{
    private static readonly LeaseToken Newer = new(0x3333);
    private static readonly DateTimeOffset LeaseEnd = Start + LeaseTime;

    [Fact]
    public void Claim_GivesALeaseOfTheTasksOwnLength()
    {
        var task = Leased(Plain with { LeaseTime = TimeSpan.FromSeconds(7) });
        Assert.Equal(new Lease(Current, Start, Start + TimeSpan.FromSeconds(7)), task.Lease);
        Assert.Equal(1, task.Attempt);
    }

    [Fact]
    public void Claim_WithAWishedLeaseTime_GetsIt() =>
        Assert.Equal(Start + TimeSpan.FromHours(1),
            Submitted().After(new TaskCommand.Claim(Current, "worker", TimeSpan.FromHours(1)), Start).Lease!.ExpiresAt);

    [Fact]
    public void Tick_OneMillisecondBeforeTheLeaseEnds_ChangesNothing() =>
        Assert.Equal(Refusal.NothingDue,
            Leased().RefusalOf(TaskCommand.Tick.Instance, LeaseEnd - TimeSpan.FromMilliseconds(1)));

    [Fact]
    public void Tick_WhenTheLeaseEnds_MakesTheTaskReadyAndSaysWhy()
    {
        var task = Lapsed();
        Assert.Equal((TaskState.Ready, 1, 1), (task.State, task.Attempt, task.Failures));
        Assert.Contains("worker", task.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Complete_AfterTheLeaseRanOutAndNobodyClaimed_IsAccepted() =>
        Assert.Equal(TaskState.Completed,
            Lapsed().After(new TaskCommand.Complete(Current, "1"u8.ToArray()), LeaseEnd).State);

    [Fact]
    public void Complete_BeforeTheSweepSawThatTheLeaseRanOut_IsAccepted() =>
        Assert.Equal(TaskState.Completed,
            Leased().After(new TaskCommand.Complete(Current, "1"u8.ToArray()), LeaseEnd + LeaseTime).State);

    [Fact]
    public void Complete_WithAnOlderToken_IsRefused()
    {
        var claimedAgain = Lapsed().After(new TaskCommand.Claim(Newer, "other"), LeaseEnd);
        Assert.Equal(Refusal.StaleLease,
            claimedAgain.RefusalOf(new TaskCommand.Complete(Current, "1"u8.ToArray()), LeaseEnd));
        Assert.Equal(TaskState.Completed,
            claimedAgain.After(new TaskCommand.Complete(Newer, "1"u8.ToArray()), LeaseEnd).State);
    }

    [Fact]
    public void Complete_WithoutAToken_IsAcceptedOnceFromAnybody()
    {
        var completed = Leased().After(new TaskCommand.Complete(null, "1"u8.ToArray()), Start);
        Assert.Equal(TaskState.Completed, completed.State);
        Assert.Equal(Refusal.AlreadyFinished,
            completed.RefusalOf(new TaskCommand.Complete(null, "2"u8.ToArray()), Start));
    }

    [Fact]
    public void Complete_OfATaskThatDiedOfItsLastLapse_IsRefused() =>
        Assert.Equal(Refusal.AlreadyFinished,
            At("dead").RefusalOf(new TaskCommand.Complete(Current, "1"u8.ToArray()), LeaseEnd));

    [Fact]
    public void Heartbeat_ExtendsTheLeaseFromNowAndKeepsTheClaim()
    {
        var now = Start + TimeSpan.FromSeconds(30);
        var task = Leased().After(new TaskCommand.Heartbeat(Current, Progress: 0.4), now);
        Assert.Equal(new Lease(Current, Start, now + LeaseTime), task.Lease);
        Assert.Equal((1, 0.4, "worker"), (task.Attempt, task.Progress, task.WorkerId));
    }

    [Fact]
    public void Heartbeat_WithoutProgress_KeepsTheLastOne()
    {
        var task = Leased().After(new TaskCommand.Heartbeat(Current, Progress: 0.4), Start);
        Assert.Equal(0.4, task.After(new TaskCommand.Heartbeat(Current), Start).Progress);
    }

    [Fact]
    public void Heartbeat_AfterTheLeaseRanOutAndNobodyClaimed_RevivesTheLease()
    {
        var task = Lapsed().After(new TaskCommand.Heartbeat(Current), LeaseEnd);
        Assert.Equal((TaskState.Leased, 1), (task.State, task.Attempt));
        Assert.Equal(LeaseEnd + LeaseTime, task.Lease!.ExpiresAt);
    }

    [Fact]
    public void Fail_AfterAHeartbeatRevivedTheLease_CountsTheAttemptOnce()
    {
        var revived = Lapsed().After(new TaskCommand.Heartbeat(Current), LeaseEnd);
        Assert.Equal(1,
            revived.After(new TaskCommand.Fail(Current, "broken", MayRetry: true, Jitter: 0), LeaseEnd).Failures);
    }

    [Fact]
    public void Claim_AfterALapse_StartsWithoutProgress()
    {
        var task = Leased().After(new TaskCommand.Heartbeat(Current, Progress: 0.4), Start)
            .After(TaskCommand.Tick.Instance, LeaseEnd);
        Assert.Null(task.After(new TaskCommand.Claim(Newer, "other"), LeaseEnd).Progress);
    }

    [Fact]
    public void Heartbeat_OfACancelledTask_TellsTheWorker() =>
        Assert.Equal(Refusal.Cancelled, At("cancelled").RefusalOf(new TaskCommand.Heartbeat(Current), Start));

    [Fact]
    public void Release_BurnsNoAttemptAndEndsTheToken()
    {
        var task = Leased().After(new TaskCommand.Release(Current), Start);
        Assert.Equal((TaskState.Ready, 1, 0), (task.State, task.Attempt, task.Failures));
        Assert.Equal(Refusal.StaleLease, task.RefusalOf(new TaskCommand.Complete(Current, "1"u8.ToArray()), Start));
    }
}
