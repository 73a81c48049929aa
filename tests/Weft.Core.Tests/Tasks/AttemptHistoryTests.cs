using Weft.Core.Tasks;
using static Weft.Core.Tests.Tasks.TaskStages;

namespace Weft.Core.Tests.Tasks;

public class AttemptHistoryTests
{
    private static readonly DateTimeOffset LeaseEnd = Start + LeaseTime;
    private static readonly TaskCommand Complete = new TaskCommand.Complete(Current, "1"u8.ToArray());
    private static readonly TaskCommand Fail = new TaskCommand.Fail(Current, "broken", MayRetry: true, Jitter: 0);
    private static readonly TaskCommand Heartbeat = new TaskCommand.Heartbeat(Current);

    [Fact]
    public void FirstComplete_IsNotKept() => Assert.Null(EndOf(Leased(), Complete, Start));

    [Fact]
    public void LaterComplete_IsKept()
    {
        var second = Leased().After(Fail, Start).After(new TaskCommand.Claim(Current, "worker"), Start);
        Assert.Equal(new(2, "worker", Start, LeaseEnd, AttemptOutcome.Completed), EndOf(second, Complete, LeaseEnd));
    }

    [Fact]
    public void CompleteAfterALapse_IsKept() =>
        Assert.Equal(AttemptOutcome.Completed, EndOf(Lapsed(), Complete, LeaseEnd)?.Outcome);

    [Fact]
    public void CompleteOfATaskThatNobodyHas_EndsNoAttempt() =>
        Assert.Null(EndOf(Submitted(Plain), new TaskCommand.Complete(null, "1"u8.ToArray()), Start));

    [Fact]
    public void Fail_IsKeptWithItsError()
    {
        Assert.Equal(new(1, "worker", Start, LeaseEnd, AttemptOutcome.Failed, "broken"),
            EndOf(Leased(), Fail, LeaseEnd));
        Assert.Equal(AttemptOutcome.Failed, EndOf(Lapsed(), Fail, LeaseEnd)?.Outcome);
    }

    [Fact]
    public void ReleaseAndCancel_EndWhatRuns_AndNothingElse()
    {
        TaskCommand release = new TaskCommand.Release(Current);
        Assert.Equal(AttemptOutcome.Released, EndOf(Leased(), release, Start)?.Outcome);
        Assert.Equal(AttemptOutcome.Cancelled, EndOf(Leased(), TaskCommand.Cancel.Instance, Start)?.Outcome);
        Assert.Null(EndOf(Lapsed(), release, LeaseEnd));
        Assert.Null(EndOf(Lapsed(), TaskCommand.Cancel.Instance, LeaseEnd));
    }

    [Fact]
    public void Tick_TellsALapseFromAnExpiry()
    {
        Assert.Equal(AttemptOutcome.Lapsed, EndOf(Leased(), TaskCommand.Tick.Instance, LeaseEnd)?.Outcome);
        var expiring = Leased(Plain with { ExpiresIn = TimeSpan.FromSeconds(1) });
        var expired = EndOf(expiring, TaskCommand.Tick.Instance, Start + TimeSpan.FromSeconds(1));
        Assert.Equal((AttemptOutcome.Expired, "The task expired before it was finished."),
            (expired!.Outcome!.Value, expired.Error));
    }

    [Fact]
    public void Heartbeat_OfALapsedAttempt_TakesItBack()
    {
        Assert.True(AttemptHistory.GoesOn(Lapsed(), Heartbeat));
        Assert.False(AttemptHistory.GoesOn(Leased(), Heartbeat));
    }

    [Fact]
    public void Of_AddsWhatOnlyTheRecordHas()
    {
        TaskAttempt lapsed = new(1, "worker", Start, LeaseEnd, AttemptOutcome.Lapsed, "late");
        Assert.Empty(AttemptHistory.Of(Submitted(Plain), []));
        Assert.Equal([lapsed], AttemptHistory.Of(Lapsed(), [lapsed]));
        Assert.Equal([new(1, "worker", Start, null, null)], AttemptHistory.Of(Leased(), []));
        Assert.Equal(
            [new(1, "worker", Start, LeaseEnd, AttemptOutcome.Completed)],
            AttemptHistory.Of(Leased().After(Complete, LeaseEnd), []));
    }

    private static TaskAttempt? EndOf(TaskRecord task, TaskCommand command, DateTimeOffset now) =>
        AttemptHistory.Ended(task, task.After(command, now), command, now);
}
