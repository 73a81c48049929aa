using Weft.Core.Explaining;
using Weft.Core.Matching;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Tests.Tasks;
using Weft.Core.Verification;
using Weft.Core.Workers;
using static Weft.Core.Tests.Tasks.TaskStages;

namespace Weft.Core.Tests.Explaining;

public sealed class TaskExplainerTests
{
    private static readonly NewTask Simd = Plain with { Requires = Requirements.Parse("memory>=8 simd") };
    private static readonly StoreException Full = new(StoreErrorKind.Full, "No room.");

    [Fact]
    public void ReadyTask_ThatNobodyKeepsBack_IsTheNext()
    {
        var reason = Assert.Single(Explain(Submitted(), [WorkerOn("default")]));
        Assert.Equal((ReasonCode.Behind, 0, null, null), (reason.Code, reason.Ahead, reason.More, reason.Estimate));
    }

    [Fact]
    public void PausedQueue_AndAStoreThatIsFull_ComeFirst()
    {
        var reasons = Explain(Submitted(), [], isPaused: true, ahead: 3, trouble: Full);
        Assert.Equal(
            [ReasonCode.StoreUnready, ReasonCode.Paused, ReasonCode.NoWorkerOnQueue, ReasonCode.Behind],
            reasons.Select(static reason => reason.Code));
        Assert.Equal("No room.", reasons[0].Detail);
        Assert.Equal(3, reasons[3].Ahead);
    }

    [Fact]
    public void TasksOfWorkersThatAreNotToBeAheadOfTheirChecks_AreSaidToWaitForThose()
    {
        var held = new WorkerStanding(
            new(1), new(1), new(Answers: 1, 0, 0, IsBarred: false, Open: 1), IsTrusted: false, Given: 1,
            AuditsLeft: 0, Start);
        var free = held with { Standing = held.Standing with { Open = 0 } };
        ReasonCode[] Codes(params WorkerStanding[] known) =>
            [.. Explain(Submitted(), [WorkerOn("default")], known: known).Select(static reason => reason.Code)];
        Assert.Equal([ReasonCode.AwaitingCheck], Codes(held));
        Assert.Equal([ReasonCode.Behind], Codes(held, free));
        Assert.Equal([ReasonCode.Behind], Codes(held, held with { IsTrusted = true }));
        Assert.Equal([ReasonCode.Behind], Codes(held with { SeenAt = Start - TimeSpan.FromHours(1) }));
    }

    [Fact]
    public void WorkersOfOtherQueues_AndThoseOfLongAgo_DontCount()
    {
        var gone = WorkerOn("default") with { LastSeenAt = Start - Limits.WorkerServesTime - TimeSpan.FromSeconds(1) };
        Assert.Equal(ReasonCode.NoWorkerOnQueue, Assert.Single(Explain(Submitted(), [WorkerOn("other"), gone])).Code);
    }

    [Fact]
    public void NoCapableWorker_TellsWhatTheNearestLacks()
    {
        var near = WorkerOn("default", "simd", "memory=4") with { Id = "near" };
        var reason = Assert.Single(Explain(Submitted(Simd), [WorkerOn("default"), near]));
        Assert.Equal((ReasonCode.NoCapableWorker, "near"), (reason.Code, reason.WorkerId));
        Assert.Equal(["memory>=8"], reason.Missing);
        Assert.Contains("memory>=8", reason.Detail, StringComparison.Ordinal);
        Assert.Equal(ReasonCode.Behind,
            Assert.Single(Explain(Submitted(Simd), [WorkerOn("default", "simd", "memory=8")])).Code);
    }

    [Fact]
    public void WorkerOfModulesAlone_LacksNothingThatHasAName()
    {
        var browser = WorkerOn("default") with { Offer = new(["default"], new(Capabilities.None, ModulesOnly: true)) };
        var reason = Assert.Single(Explain(Submitted(), [browser]));
        Assert.Equal(ReasonCode.NoCapableWorker, reason.Code);
        Assert.Contains("only modules", reason.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Behind_EstimatesByWhatFinishedLately()
    {
        // Ten a second.
        DateTimeOffset[] finishes =
            [.. Enumerable.Range(0, 21).Select(static i => Start - TimeSpan.FromMilliseconds(100 * i))];
        Assert.Equal(TimeSpan.FromSeconds(5),
            Assert.Single(Explain(Submitted(), [WorkerOn("default")], ahead: 50, finishes: finishes)).Estimate);
        Assert.All(Explain(Submitted(), [], ahead: 50, finishes: finishes),
            static reason => Assert.Null(reason.Estimate));
    }

    [Fact]
    public void Behind_MoreThanIsCounted_SaysSo_AndEstimatesNothing()
    {
        DateTimeOffset[] finishes =
            [.. Enumerable.Range(0, 21).Select(static i => Start - TimeSpan.FromMilliseconds(100 * i))];
        var reason =
            Assert.Single(Explain(Submitted(), [WorkerOn("default")], ahead: Limits.AheadCountMax + 1,
                finishes: finishes));
        Assert.Equal((Limits.AheadCountMax, true, null), (reason.Ahead, reason.More, reason.Estimate));
        Assert.StartsWith("More than 10,000 tasks", reason.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(9, 200, 0, false)]
    [InlineData(10, 50, 0, false)]
    [InlineData(10, 200, 31, false)]
    [InlineData(10, 200, 29, true)]
    public void Rate_IsKnown_WhenEnoughFinishedOverAWhile_JustNow(int finishes, int milliseconds, int secondsAgo,
        bool isKnown)
    {
        var at = Enumerable.Range(0, finishes)
            .Select(i => Start - TimeSpan.FromSeconds(secondsAgo) - TimeSpan.FromMilliseconds(milliseconds * i));
        Assert.Equal(isKnown, TaskExplainer.RateOf([.. at], Start) is not null);
    }

    [Fact]
    public void ScheduledTask_IsNotBackingOff_UntilItFailed()
    {
        var scheduled = Assert.Single(Explain(At("scheduled"), []));
        Assert.Equal((ReasonCode.Scheduled, Start + TimeSpan.FromMinutes(1)), (scheduled.Code, scheduled.Until!.Value));

        var fail = new TaskCommand.Fail(Current, "broken", MayRetry: true, Jitter: 0.5);
        var failed = Leased().After(fail, Start);
        var reason =
            Assert.Single(Explain(failed, [], attempts: [AttemptHistory.Ended(Leased(), failed, fail, Start)!]));
        Assert.Equal((ReasonCode.BackingOff, failed.RunAt), (reason.Code, reason.Until));
        Assert.StartsWith("Failure 1 of 5", reason.Detail, StringComparison.Ordinal);
        // From before attempts were kept.
        Assert.Equal(ReasonCode.BackingOff, Assert.Single(Explain(failed, [])).Code);
    }

    [Fact]
    public void TaskThatWasGivenBackForLater_IsScheduled_ThoughItFailedBefore()
    {
        var again = Leased().After(new TaskCommand.Fail(Current, "broken", MayRetry: true, Jitter: 0), Start)
            .After(new TaskCommand.Claim(Current, "worker"), Start);
        var release = new TaskCommand.Release(Current, TimeSpan.FromSeconds(9));
        var released = again.After(release, Start);
        var last = AttemptHistory.Ended(again, released, release, Start)!;
        Assert.Equal(ReasonCode.Scheduled, Assert.Single(Explain(released, [], attempts: [last])).Code);
    }

    [Fact]
    public void LeasedTask_SaysWhoHasItSinceWhenAndUntilWhen()
    {
        var reason = Assert.Single(Explain(Leased(), [WorkerOn("default") with { Id = "worker" }], isPaused: true));
        Assert.Equal(
            (ReasonCode.Leased, "worker", Start, Start + LeaseTime, Start),
            (reason.Code, reason.WorkerId, reason.Since!.Value, reason.Until!.Value, reason.WorkerSeenAt!.Value));
        Assert.Null(Assert.Single(Explain(Leased(), [])).WorkerSeenAt);
    }

    [Theory]
    [InlineData(CheckFrom.Elder, AnswerRole.Check, "a worker with many correct answers", 120)]
    [InlineData(CheckFrom.Elder, AnswerRole.Judge, "a worker with many correct answers", 1_800)]
    [InlineData(CheckFrom.Trusted, AnswerRole.Check, "a trusted worker", 120)]
    [InlineData(CheckFrom.Anyone, AnswerRole.Check, "another: 1 worker may give it", null)]
    public void TaskThatIsChecked_SaysWhomItWaitsFor_AndUntilWhen(
        CheckFrom from, AnswerRole role, string whom, int? seconds)
    {
        var proven = WorkerOn("default") with
        {
            Offer = new(["default"], new(Capabilities.None, ModulesOnly: false, IsProven: true)),
        };
        var answers = new TaskAnswers(VerificationPolicy.Default, [], new(Submitted(), from, role), []);
        var reason = Assert.Single(new TaskExplainer([proven], Start)
            .Explain(new(new(At("checking"), null, []), false, 0, []), trouble: null, answers).Reasons);
        Assert.Contains($"waits for {whom}", reason.Detail, StringComparison.Ordinal);
        Assert.Equal(seconds, (reason.Until - Start)?.TotalSeconds);
    }

    [Theory]
    [InlineData("completed")]
    [InlineData("dead")]
    [InlineData("cancelled")]
    public void FinishedTask_SaysThatItIs(string stage)
    {
        var reason = Assert.Single(Explain(At(stage), [], isPaused: true, trouble: Full));
        Assert.Equal((ReasonCode.Finished, $"It is {stage}."), (reason.Code, reason.Detail));
        Assert.NotNull(reason.Since);
    }

    private static IReadOnlyList<Reason> Explain(
        TaskRecord task, WorkerSighting[] workers, bool isPaused = false, int ahead = 0, StoreException? trouble = null,
        IReadOnlyList<TaskAttempt>? attempts = null, IReadOnlyList<DateTimeOffset>? finishes = null,
        IReadOnlyList<WorkerStanding>? known = null) =>
        new TaskExplainer(workers, Start).Explain(new(new(task, null, attempts ?? []), isPaused, ahead, finishes ?? []),
            trouble, known: known).Reasons;

    private static WorkerSighting WorkerOn(string queue, params string[] capabilities) =>
        new("far", Start, Start, false, 0, 0, 0,
            new([queue], new(Capabilities.TryParse(capabilities)!, ModulesOnly: false)));
}
