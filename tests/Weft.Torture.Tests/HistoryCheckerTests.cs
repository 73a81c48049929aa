using Weft.Torture.Checking;
using Weft.Torture.Histories;

namespace Weft.Torture.Tests;

/// <summary>Each broken promise, told as a small history, is found; and what is allowed is not.</summary>
public sealed class HistoryCheckerTests
{
    private static Story New => new();

    [Fact]
    public void ASoundHistory_IsSound()
    {
        Assert.Empty(
            New.Submit().Claim().Settle(OperationKind.Heartbeat).Complete().Complete().Read(States.Completed,
                Story.Result).Stored().Violated());
        Assert.Empty(
            New.Submit().Settle(OperationKind.Complete, attempt: 0, result: "1").Settle(OperationKind.Complete,
                attempt: 0, result: "2").Stored(result: "1").Violated());
        Assert.Empty(
            New.Submit().Claim().Settle(OperationKind.Fail).Claim(2, second: 1).Complete(1, outcome: Outcome.Fail)
                .Complete(2).Stored().Violated());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void UnknownOperation_MayHaveHappenedOrNot(int times)
    {
        var submit = New.Submit(null, outcome: Outcome.Unknown);
        Assert.Empty((times == 0 ? submit
            : submit.Stored(States.Cancelled).Steer(OperationKind.Cancel, Outcome.Unknown)).Violated());
        var complete = New.Submit().Claim().Complete(outcome: Outcome.Unknown);
        Assert.Empty((times == 0 ? complete.Stored(States.Dead) : complete.Stored()).Violated());
    }

    [Fact]
    public void I1_AcknowledgedSubmit_IsLost()
    {
        var violation = Assert.Single(New.Submit().Check());
        Assert.Equal(("I1", Harm.Lost), (violation.Invariant, violation.Harm));
    }

    [Fact]
    public void I1_Payload_Changed() =>
        Assert.Contains("I1", New.Submit().Stored(States.Dead, payload: "{}").Violated());

    [Fact]
    public void I1_HandedOutPayload_IsAnother() =>
        Assert.Equal(["I1"], New.Submit().Claim(payload: "{}").Stored(States.Dead).Violated());

    [Fact]
    public void I2_TaskThatNobodySubmitted() =>
        Assert.Equal(["I2"], New.Submit().Stored(States.Dead).Stored(States.Dead, id: 2, payload: "{}").Violated());

    [Fact]
    public void I3_OneKey_TwoTasks() =>
        Assert.Equal(["I3"],
            New.Submit(null, key: "k", outcome: Outcome.Unknown).Submit(2, key: "k").Stored(States.Dead)
                .Stored(States.Dead, id: 2).Violated());

    [Fact]
    public void I3_OneKey_TwoAnswers() =>
        Assert.Contains("I3", New.Submit(1, key: "k").Submit(2, key: "k").Stored(States.Dead).Violated());

    [Fact]
    public void I4_TwoResults_AreAccepted()
    {
        var violations = New.Submit().Claim().Complete(result: "1").Complete(result: "2").Stored(result: "2").Check();
        Assert.Contains(violations, static violation => violation is { Invariant: "I4", Harm: Harm.AcceptedTwice });
    }

    [Theory]
    [InlineData(States.Completed, "\"another\"")]
    [InlineData(States.Dead, null)]
    [InlineData("ready", null)]
    public void I4_AcceptedResult_IsLost(string state, string? result) =>
        Assert.Contains(New.Submit().Claim().Complete().Complete(result: "\"another\"", outcome: Outcome.Unknown)
            .Stored(state, result).Check(), static violation => violation is { Invariant: "I4", Harm: Harm.Lost });

    [Fact]
    public void I4_OldResult_IsLost() =>
        Assert.Equal(["I4"],
            New.Submit().Settle(OperationKind.Complete, attempt: 0, result: "1").Stored("ready").Violated());

    [Fact]
    public void I4_OldResult_IsReplacedByALaterOne() =>
        Assert.Equal(["I4"],
            New.Submit().Settle(OperationKind.Complete, attempt: 0, result: "1").Settle(OperationKind.Complete,
                attempt: 0, result: "2").Stored(result: "2").Violated());

    [Fact]
    public void I4_OldResult_GoesDownInALaterCancel() =>
        Assert.Contains("I4",
            New.Submit().Settle(OperationKind.Complete, attempt: 0, result: "1").Steer(OperationKind.Cancel)
                .Stored(States.Cancelled).Violated());

    [Fact]
    public void I4_ResultThatNobodySent() =>
        Assert.Equal(["I4"], New.Submit().Claim().Complete(outcome: Outcome.Unknown).Stored(result: "7").Violated());

    [Fact]
    public void I4_CompletedByNobody() => Assert.Equal(["I4"], New.Submit().Stored().Violated());

    [Fact]
    public void I4_BytesChange_AfterTheyWereRead() =>
        Assert.Equal(["I4"],
            New.Submit().Claim().Complete(outcome: Outcome.Unknown).Read(States.Completed, "7").Stored().Violated());

    [Fact]
    public void I5_TokenThatWasNotGivenOut() => Assert.Equal(["I5"], New.Submit().Complete().Stored().Violated());

    [Theory]
    [InlineData(OperationKind.Complete)]
    [InlineData(OperationKind.Heartbeat)]
    [InlineData(OperationKind.Fail)]
    [InlineData(OperationKind.Release)]
    public void I5_OlderToken_IsAccepted(object kind) =>
        Assert.Contains("I5",
            New.Submit().Claim().Claim(2, second: 10).Settle((OperationKind)kind, 1, result: Story.Result).Stored()
                .Violated());

    [Fact]
    public void I6_OneAttempt_TwoWorkers() =>
        Assert.Equal(["I6"], New.Submit().Claim(1).Claim(1, second: 20).Stored(States.Dead).Violated());

    [Fact]
    public void I6_Attempts_GoDown() =>
        Assert.Equal(["I6"], New.Submit().Claim(2, second: 20).Claim(1).Stored(States.Dead).Violated());

    [Fact]
    public void I6_Leases_Overlap() =>
        Assert.Equal(["I6"], New.Submit().Claim(1, second: 0).Claim(2, second: 9).Stored(States.Dead).Violated());

    [Fact]
    public void I6_ALeaseThatAHeartbeatExtended_IsOverlapped() =>
        Assert.Equal(["I6"],
            New.Submit().Claim(1, second: 0).Settle(OperationKind.Heartbeat).Read("leased", leaseUntil: 15).Claim(2,
                second: 12).Stored(States.Dead).Violated());

    [Fact]
    public void Leases_MayFollowEachOther_WhereTheClockWasSetBackInBetween()
    {
        const int hour = 3600;
        Assert.Empty(New.Submit().Claim(1, second: hour).Claim(2, second: 11).Stored(States.Dead).Violated());
        Assert.Equal(["I6"], New.Submit().Claim(1, second: hour).Claim(2, second: 9).Stored(States.Dead).Violated());
        Assert.Equal(["I6"],
            New.Submit().Claim(1, second: hour).Claim(2, second: 9 - hour).Stored(States.Dead).Violated());
    }

    [Fact]
    public void Leases_MayFollowEachOther_WhereTheFirstWasGivenUp() =>
        Assert.Empty(New.Submit().Claim(1).Settle(OperationKind.Release, outcome: Outcome.Unknown).Claim(2, second: 1)
            .Stored(States.Dead).Violated());

    [Fact]
    public void I7_CompletedTask_IsHandedOut() =>
        Assert.Contains("I7", New.Submit().Claim().Complete().Claim(2, second: 20).Stored().Violated());

    [Fact]
    public void I7_CancelledTask_IsSeenAlive() =>
        Assert.Equal(["I7"],
            New.Submit().Steer(OperationKind.Cancel).Read("ready").Stored(States.Cancelled).Violated());

    [Fact]
    public void I7_CompletedTask_IsRetried() =>
        Assert.Contains("I7", New.Submit().Claim().Complete().Steer(OperationKind.Retry).Stored().Violated());

    [Fact]
    public void I7_DeadTask_ComesToLifeByItself() =>
        Assert.Equal(["I7"], New.Submit().Read(States.Dead).Claim().Stored(States.Dead).Violated());

    [Fact]
    public void DeadTask_MayBeRetried() =>
        Assert.Empty(New.Submit().Read(States.Dead).Steer(OperationKind.Retry).Claim().Complete().Stored().Violated());

    [Fact]
    public void I7_CancelledTask_EndsAsAnother() =>
        Assert.Contains("I7", New.Submit().Steer(OperationKind.Cancel).Stored(States.Dead).Violated());

    [Fact]
    public void I8_RefusedSubmit_IsThere() =>
        Assert.Equal(["I8"], New.Submit(null, outcome: Outcome.Fail).Stored(States.Dead).Violated());

    [Fact]
    public void I8_UnknownSubmit_HappenedTwice() =>
        Assert.Equal(["I8"],
            New.Submit(null, outcome: Outcome.Unknown).Stored(States.Dead).Stored(States.Dead, id: 2).Violated());

    [Fact]
    public void I8_RefusedComplete_IsTheResult() =>
        Assert.Equal(["I8"], New.Submit().Claim().Complete(outcome: Outcome.Fail).Stored().Violated());

    [Fact]
    public void I8_RefusedCancel_Cancelled() =>
        Assert.Equal(["I8"],
            New.Submit().Steer(OperationKind.Cancel, Outcome.Fail).Stored(States.Cancelled).Violated());

    [Fact]
    public void I8_AnswerThatIsABug() =>
        Assert.Equal(["I8"],
            New.Submit().Stored(States.Dead).Steer(OperationKind.Cancel, Outcome.Unknown).Answered(500).Violated());

    [Fact]
    public void I9_TaskThatNeverEnds()
    {
        var story = New.Submit().Stored("ready");
        story.CameToRest = false;
        Assert.Equal(["I9"], story.Violated());
    }

    [Fact]
    public void I10_Counts_DifferFromTheRows()
    {
        var story = New.Submit().Stored(States.Dead, group: 1);
        story.QueueCounts = new() { [("default", States.Dead)] = 2 };
        Assert.Equal(["I10"], story.Violated());
        story = New.Submit().Stored(States.Dead, group: 1);
        story.GroupCounts = new() { [(1, States.Cancelled)] = 1 };
        Assert.Equal(["I10"], story.Violated());
        story = New.Submit().Stored(States.Dead);
        story.StatsTotal = 2;
        Assert.Equal(["I10"], story.Violated());
    }

    [Fact]
    public void I12_Files_AreThere_AndWhereTheyWereNamed()
    {
        Story Told() => New.Push("a", "a").Push("o", "o").Submit(blob: "a").Claim().Complete(blob: "o");
        Assert.Empty(Told().Stored(file: "a", output: "o").Violated());
        Assert.Equal(["I14"], Told().Stored(file: "a").Violated());
        Assert.Equal(["I14"], Told().Stored(output: "o").Violated());
        Assert.Equal(["I14"], Told().Stored(file: "a", output: "a").Violated());
        Assert.Equal(["I14"], New.Push("a", null).Violated());
        Assert.Equal(["I14"], New.Push("a", "b").Violated());
        // Named by a task, and pushed by nobody that is known.
        Assert.Equal(["I14"], New.Submit(blob: "z").Stored(States.Dead, file: "z").Violated());
    }

    [Fact]
    public void I14_PiecesOfAFile_AreStillThereLater()
    {
        Assert.Empty(New.PushPiece(1).PushPiece(3).PushPiece(3, Outcome.Fail).Violated());
        Assert.Equal(["I14"], New.PushPiece(3).PushPiece(1, Outcome.Fail).Violated());
    }

    [Fact]
    public void I11_FindingOfTheStoresOwnCheck()
    {
        var story = New.Submit().Stored(States.Dead);
        story.Findings.Add("database disk image is malformed");
        Assert.Equal(["I11"], story.Violated());
    }

    [Fact]
    public void I13_WhatAWebhookIsTold_IsWhatHappened()
    {
        var completed = New.Submit().Claim().Complete().Stored();
        Assert.Empty(completed.CheckTold(States.Completed));
        Assert.Equal(Harm.Lost, Assert.Single(completed.CheckTold()).Harm);
        Assert.Empty(completed.CheckTold(pending: 0, dropped: 1));
        Assert.Equal("I13", Assert.Single(completed.CheckTold(pending: 1, dropped: 1)).Invariant);
        // A finish that was rolled back, of a task that is there and of one that isn't.
        Assert.Single(completed.CheckTold(States.Completed, States.Cancelled));
        Assert.Single(New.CheckTold(States.Completed));
        // A dead task may have been retried, and each death is told.
        var retried = New.Submit().Read(States.Dead).Steer(OperationKind.Retry).Claim(2).Complete(2).Stored();
        Assert.Empty(retried.CheckTold(States.Completed, States.Dead));
        Assert.Single(retried.CheckTold(States.Completed));
        Assert.Single(completed.CheckTold(States.Completed, States.Dead));
    }
}
