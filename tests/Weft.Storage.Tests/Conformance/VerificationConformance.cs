using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Verification;
using Weft.Core.Workers;
using Weft.Storage.Tests.Auditor;

namespace Weft.Storage.Tests.Conformance;

/// <summary>Tasks whose results are believed only once others have checked them.</summary>
public abstract class VerificationConformance(IAuditedHost host, Func<ITaskStore, IVerificationStore> verification)
    : TaskStoreConformance(host)
{
    private static readonly VerificationPolicy All =
        VerificationPolicy.Default with { Mode = VerifyMode.All, Copies = 2, CopiesMax = 4 };

    private static readonly NewTask Verified = Plain with { Verify = All };

    private IVerificationStore Verification => verification(Store);

    private void AssertSound() => host.AssertSound();

    /// <summary>A worker: each has a network of its own, unless a number says which.</summary>
    private static ClaimRequest By(int worker, int? network = null, int max = 1) => new()
    {
        WorkerId = $"worker {worker}",
        Max = max,
        Identity = new(new(worker), null, new((ulong)(network ?? worker) << 40)),
    };

    private async Task<ClaimedTask> ClaimByAsync(int worker, int? network = null) =>
        Assert.Single(await Store.ClaimAsync(By(worker, network)));

    private async Task<ClaimedTask> AnswerAsync(int worker, string result, int? network = null)
    {
        var claimed = await ClaimByAsync(worker, network);
        await CompleteAsync(claimed, result);
        return claimed;
    }

    [Fact]
    public async Task Result_ThatTwoWorkersAgreeOn_IsTold()
    {
        var id = await SubmitAsync(Verified);
        await AnswerAsync(1, "42");
        Assert.Equal(TaskState.Checking, await StateAsync(id));
        Assert.Null((await FindAsync(id, TaskParts.Result)).Result);
        Assert.Equal(new StateCounts { Checking = 1 }, await CountsAsync());

        await ReopenAsync();
        var check = await AnswerAsync(2, "42");
        Assert.NotEqual(id, check.Task.Id);
        Assert.Equal(Bytes("{}"), check.Payload.Bytes.ToArray());
        var told = await FindAsync(id, TaskParts.Result);
        Assert.Equal(TaskState.Completed, told.Task.State);
        Assert.Equal(Bytes("42"), told.Result!.Value.ToArray());
        Assert.Equal(new StateCounts { Completed = 1 }, await CountsAsync());

        var answers = (await Verification.ListAnswersAsync(id)).Answers;
        Assert.Equal([1, 2], answers.Select(static answer => answer.Identity.Value));
        Assert.Equal([AnswerRole.First, AnswerRole.Check], answers.Select(static answer => answer.Role));
        Assert.All(answers, static answer => Assert.Equal(AnswerVerdict.Agreed, answer.Verdict));
        AssertSound();
    }

    [Fact]
    public async Task Worker_ThatDoesNotProveWhoItIs_GetsNoVerifiedTask()
    {
        var id = await SubmitAsync(Verified);
        Assert.Empty(await ClaimIdsAsync(10));
        Assert.Equal(id, (await ClaimByAsync(1)).Task.Id);
    }

    [Fact]
    public async Task Check_IsForNobodyWhoHasAnswered()
    {
        var id = await SubmitAsync(Verified);
        var first = await AnswerAsync(1, "42", network: 7);
        Assert.Empty(await Store.ClaimAsync(By(1, network: 8)));
        Assert.Empty(await Store.ClaimAsync(By(2, network: 7)));
        Assert.Empty(await ClaimIdsAsync(10));
        // Nor can a second answer be put in by the token of the first.
        Assert.Equal(
            Refusal.AlreadyFinished,
            await ApplyAsync(id, new TaskCommand.Complete(first.Task.Lease!.Token, Bytes("43"))));
        Assert.Equal(TaskState.Checking, await StateAsync(id));
        await AnswerAsync(2, "42", network: 8);
        Assert.Equal(TaskState.Completed, await StateAsync(id));
    }

    [Fact]
    public async Task Check_MayBeForTheSameNetwork_WhereThePolicySaysSo()
    {
        var id = await SubmitAsync(Verified with { Verify = All with { Apart = VerifyApart.Worker } });
        await AnswerAsync(1, "42", network: 7);
        Assert.Empty(await Store.ClaimAsync(By(1, network: 7)));
        await AnswerAsync(2, "42", network: 7);
        Assert.Equal(TaskState.Completed, await StateAsync(id));
    }

    [Fact]
    public async Task Answers_ThatDiffer_AreJudged_UntilOneLeads()
    {
        var id = await SubmitAsync(Verified);
        await AnswerAsync(1, "1");
        await AnswerAsync(2, "2");
        await AnswerAsync(3, "1");
        Assert.Equal(TaskState.Checking, await StateAsync(id));
        await AnswerAsync(4, "1");
        Assert.Equal(Bytes("1"), (await FindAsync(id, TaskParts.Result)).Result!.Value.ToArray());
        var answers = (await Verification.ListAnswersAsync(id)).Answers;
        Assert.Equal(
            [AnswerVerdict.Agreed, AnswerVerdict.Differed, AnswerVerdict.Agreed, AnswerVerdict.Agreed],
            answers.Select(static answer => answer.Verdict));
        Assert.Equal(AnswerRole.Judge, answers[3].Role);
        AssertSound();
    }

    [Fact]
    public async Task Answers_ThatAllDiffer_LeaveTheTaskDead_WithTheirHashes()
    {
        var id = await SubmitAsync(Verified);
        for (var worker = 1; worker <= All.CopiesMax; worker++) await AnswerAsync(worker, $"{worker}");
        var dead = await RecordAsync(id);
        Assert.Equal(TaskState.Dead, dead.State);
        Assert.Contains(AnswerHash.Of(Bytes("1")).ShortText, dead.Error, StringComparison.Ordinal);
        Assert.Empty(await Store.ClaimAsync(By(9)));
        AssertSound();

        // Run again, it begins without answers.
        await AcceptAsync(id, TaskCommand.Retry.Instance);
        await AnswerAsync(1, "5");
        await AnswerAsync(2, "5");
        Assert.Equal(TaskState.Completed, await StateAsync(id));
        Assert.Equal(2, (await Verification.ListAnswersAsync(id)).Answers.Count);
    }

    [Fact]
    public async Task Complete_SentAgain_IsOneAnswer()
    {
        var id = await SubmitAsync(Verified);
        var first = await AnswerAsync(1, "42");
        await CompleteAsync(first, "42");
        var check = await AnswerAsync(2, "42");
        await CompleteAsync(check, "42");
        await CompleteAsync(first, "42");
        Assert.Equal(
            Refusal.AlreadyFinished,
            await ApplyAsync(check.Task.Id, new TaskCommand.Complete(check.Task.Lease!.Token, Bytes("43"))));
        Assert.Equal(2, (await Verification.ListAnswersAsync(id)).Answers.Count);
    }

    [Fact]
    public async Task Complete_WithoutAToken_IsNoAnswer()
    {
        var id = await SubmitAsync(Verified);
        Assert.Equal(Refusal.NotFound, await ApplyAsync(id, new TaskCommand.Complete(null, Bytes("1"))));
        await AnswerAsync(1, "42");
        Assert.Equal(Refusal.NotFound, await ApplyAsync(id, new TaskCommand.Complete(null, Bytes("1"))));
        Assert.Equal(TaskState.Checking, await StateAsync(id));
    }

    [Fact]
    public async Task Failure_IsNoVote()
    {
        var id = await SubmitAsync(Verified with { MaxAttempts = 2 });
        await AnswerAsync(1, "42");
        await FailAsync(await ClaimByAsync(2));
        Assert.Single((await Verification.ListAnswersAsync(id)).Answers);
        await AdvanceAsync(TimeSpan.FromMinutes(10));
        await SweepAsync();
        await AnswerAsync(2, "42");
        Assert.Equal(TaskState.Completed, await StateAsync(id));
    }

    [Fact]
    public async Task Check_ThatOneNetworkFailsAgainAndAgain_IsForOthers()
    {
        var id = await SubmitAsync(Verified with { MaxAttempts = 2 });
        await AnswerAsync(1, "42");
        for (var worker = 2; worker < 6; worker++)
        {
            await FailAsync(await ClaimByAsync(worker, network: 7), mayRetry: false);
            Assert.Empty(await Store.ClaimAsync(By(worker, network: 8)));
            Assert.Empty(await Store.ClaimAsync(By(worker + 10, network: 7)));
            await AdvanceAsync(Limits.LeaseTimeDefault);
        }

        Assert.Equal(TaskState.Checking, await StateAsync(id));
        await AnswerAsync(9, "42");
        Assert.Equal(TaskState.Completed, await StateAsync(id));
        AssertSound();
    }

    [Fact]
    public async Task Check_ThatLapses_IsForOthers()
    {
        var id = await SubmitAsync(Verified);
        await AnswerAsync(1, "42");
        await ClaimByAsync(2);
        await AdvanceAsync(Limits.LeaseTimeDefault + TimeSpan.FromSeconds(1));
        await SweepAsync();
        Assert.Empty(await Store.ClaimAsync(By(2)));
        await AnswerAsync(3, "42");
        Assert.Equal(TaskState.Completed, await StateAsync(id));
        AssertSound();
    }

    [Fact]
    public async Task Check_ThatFailsInManyNetworks_LeavesTheTaskDead()
    {
        var id = await SubmitAsync(Verified with { MaxAttempts = 2 });
        await AnswerAsync(1, "42");
        await FailAsync(await ClaimByAsync(2), mayRetry: false);
        await FailAsync(await ClaimByAsync(3));
        var dead = await RecordAsync(id);
        Assert.Equal(TaskState.Dead, dead.State);
        Assert.Contains("broken", dead.Error, StringComparison.Ordinal);
        AssertSound();
    }

    [Fact]
    public async Task Check_OfATaskThatIsCancelled_IsForNobody()
    {
        var id = await SubmitAsync(Verified);
        await AnswerAsync(1, "42");
        var check = await ClaimByAsync(2);
        await AcceptAsync(id, TaskCommand.Cancel.Instance);
        Assert.Equal(
            Refusal.Cancelled,
            await ApplyAsync(check.Task.Id, new TaskCommand.Complete(check.Task.Lease!.Token, Bytes("42"))));
        Assert.Empty(await Store.ClaimAsync(By(3)));
        Assert.Equal(TaskState.Cancelled, await StateAsync(id));
        AssertSound();
    }

    [Fact]
    public async Task Check_OfATaskThatIsCancelledWithItsAnswer_IsForNobody()
    {
        var id = await SubmitAsync(Verified);
        var token = (await ClaimByAsync(1)).Task.Lease!.Token;
        // In one transaction.
        var outcomes = await Store.ApplyAsync(
            [new(id, new TaskCommand.Complete(token, Bytes("42"))), new(id, TaskCommand.Cancel.Instance)]);
        Assert.All(outcomes, static outcome => Assert.Equal(Refusal.None, outcome.Refusal));
        Assert.Equal(TaskState.Cancelled, await StateAsync(id));
        Assert.Empty(await Store.ClaimAsync(By(2)));
        AssertSound();
    }

    [Fact]
    public async Task Checks_ThatNobodyPresentMayHave_HideNoneBehindThem()
    {
        ClaimedTask[] others = [await ClaimNewAsync(100), await ClaimNewAsync(101)];
        // One more than a claim looks at; all of them answered in one network.
        var stuck = Limits.ChecksScanMax + Limits.ChecksScanBehindMax + 1;
        for (var left = stuck; left > 0; left -= 100)
        {
            await SubmitAllAsync([.. Enumerable.Repeat(Verified, Math.Min(left, 100))]);
            var claimed = await Store.ClaimAsync(By(1, network: 7, max: 100));
            var outcomes = await Store.ApplyAsync([.. claimed.Select(static task =>
                new TaskChange(task.Task.Id, new TaskCommand.Complete(task.Task.Lease!.Token, Bytes("42"))))]);
            Assert.All(outcomes, static outcome => Assert.Equal(Refusal.None, outcome.Refusal));
        }

        foreach (var other in others)
        {
            // It sees all there are, and begins again. For a moment it may be thought that there are few.
            await AdvanceAsync(Limits.CheckLaneShortTime);
            for (var look = 0; look < 4; look++) Assert.Empty(await Store.ClaimAsync(By(2, network: 7)));
            await CompleteAsync(other, "42");
            var found = false;
            for (var look = 0; look < 4 && !found; look++)
            {
                foreach (var check in await Store.ClaimAsync(By(2, network: 7)))
                {
                    await CompleteAsync(check, "42");
                    found = true;
                }
            }

            Assert.True(found);
            Assert.Equal(TaskState.Completed, await StateAsync(other.Task.Id));
        }

        Assert.Equal(stuck, (await CountsAsync()).Checking);

        async Task<ClaimedTask> ClaimNewAsync(int worker)
        {
            await SubmitAsync(Verified);
            return await ClaimByAsync(worker);
        }
    }

    [Fact]
    public async Task Check_OfATaskThatExpires_IsForNobody()
    {
        var id = await SubmitAsync(Verified with { ExpiresIn = TimeSpan.FromMinutes(1) });
        await AnswerAsync(1, "42");
        await AdvanceAsync(TimeSpan.FromMinutes(2));
        await SweepAsync();
        Assert.Equal(TaskState.Dead, await StateAsync(id));
        Assert.Empty(await Store.ClaimAsync(By(3)));
        AssertSound();
    }

    [Fact]
    public async Task Check_IsShownNowhere()
    {
        var id = await SubmitAsync(Verified);
        await AnswerAsync(1, "42");
        var check = await ClaimByAsync(2);
        Assert.Null(await Store.FindAsync(check.Task.Id, TaskParts.Result));
        Assert.Null(await Store.FindHistoryAsync(check.Task.Id));
        Assert.Equal([id], (await Store.ListAsync(new(), null, 10)).Tasks.Select(static task => task.Id));
        Assert.Empty(await Store.ListLeasedAsync(10));
        Assert.Equal(Refusal.NotFound, await ApplyAsync(check.Task.Id, TaskCommand.Cancel.Instance));
        Assert.Equal(0, (await Store.CancelAsync(CancelSelection.WaitingIn(Limits.QueueDefault), 10)).Cancelled);
        Assert.Equal(new StateCounts { Checking = 1 }, await CountsAsync());
    }

    [Fact]
    public async Task Check_IsNoneOfAnOperationsTasks_NamedByItsIdEither()
    {
        var id = await SubmitAsync(Verified);
        await AnswerAsync(1, "42");
        var check = await ClaimByAsync(2);
        var bulk = ((TaskStore)Store).Bulk;
        var order = new BulkOrder(BulkAction.Delete, new(null, [id, check.Task.Id]), null, null, default);
        Assert.Equal(new BulkMatch(1, 2, IsExact: true), await bulk.CountAsync(order, CancellationToken.None));
        await CompleteAsync(check, "42");
        var operation = (await bulk.StartAsync(order)).Operation!;
        operation = (await bulk.AdvanceAsync(operation, "here"))!;
        Assert.Equal((BulkState.Finished, 1L, 1L),
            (operation.State, operation.Counts.Matched, operation.Counts.Changed));
        Assert.Null(await Store.FindAsync(id, TaskParts.Record));
        AssertSound();
    }

    [Fact]
    public async Task Checks_GoBeforeOtherTasks()
    {
        await SubmitAsync(Verified);
        await AnswerAsync(1, "42");
        await SubmitAllAsync(Plain with { Priority = 50 }, Verified with { Priority = 50 });
        var claimed = await Store.ClaimAsync(By(2, max: 3));
        Assert.Equal(3, claimed.Count);
        Assert.True(claimed[0].Task.Requires.IsCheck);
    }

    [Fact]
    public async Task Json_IsComparedByItsMeaning_AndTheFirstAnswerIsTold()
    {
        var id = await SubmitAsync(Verified with { Verify = All with { Compare = AnswerComparison.Json } });
        await AnswerAsync(1, """{"a": 1, "b": 2}""");
        await AnswerAsync(2, """{"b":2,"a":1.0}""");
        var told = (await FindAsync(id, TaskParts.Result)).Result!.Value.ToArray();
        Assert.Equal("""{"a": 1, "b": 2}""", System.Text.Encoding.UTF8.GetString(told));
        AssertSound();
    }

    [Fact]
    public async Task Numbers_AreComparedWithATolerance()
    {
        var compare = new AnswerComparison.Numbers(0, 1e-6);
        var id = await SubmitAsync(Verified with { Verify = All with { Compare = compare } });
        await AnswerAsync(1, "[1.00000001]");
        await AnswerAsync(2, "[7]");
        await AnswerAsync(3, "[1]");
        Assert.Equal(TaskState.Checking, await StateAsync(id));
        await AnswerAsync(4, "[1.00000002]");
        Assert.Equal(Bytes("[1.00000001]"), (await FindAsync(id, TaskParts.Result)).Result!.Value.ToArray());
        AssertSound();
    }

    [Fact]
    public async Task Queue_MayVerifyAllItsTasks()
    {
        await Verification.SetQueuePolicyAsync(Limits.QueueDefault, All);
        await ReopenAsync();
        Assert.Equal(All, await Verification.FindQueuePolicyAsync(Limits.QueueDefault));
        var id = await SubmitAsync();
        Assert.Empty(await ClaimIdsAsync(10));
        await AnswerAsync(1, "42");
        Assert.Equal(TaskState.Checking, await StateAsync(id));
        await Verification.SetQueuePolicyAsync(Limits.QueueDefault, null);
        var plain = await SubmitAsync();
        Assert.Equal([plain], await ClaimIdsAsync(10));
        Assert.Null(await Verification.FindQueuePolicyAsync(Limits.QueueDefault));
    }

    [Fact]
    public async Task Retention_DeletesAnswersAndChecks()
    {
        var id = await SubmitAsync(Verified);
        await AnswerAsync(1, "42");
        await AnswerAsync(2, "42");
        await AdvanceAsync(TimeSpan.FromDays(1));
        await Store.DeleteFinishedAsync(TimeSpan.FromHours(1), 100);
        Assert.Null(await Store.FindAsync(id, TaskParts.Record));
        Assert.Empty((await Verification.ListAnswersAsync(id)).Answers);
        AssertSound();
    }

    [Fact]
    public async Task Receipts_SayWhatResultsRestOn()
    {
        var group = await CreateGroupAsync("receipts");
        var verified = await SubmitAsync(Verified with { Group = group });
        await AnswerAsync(1, "42");
        await AnswerAsync(2, "43");
        await AnswerAsync(3, "42");
        await AnswerAsync(4, "42");
        var plain = await SubmitAsync(Plain with { Group = group, Payload = Json("[1]") });
        await CompleteAsync(await ClaimByAsync(5), "7");
        await SubmitAsync(Plain with { Group = group });

        var first = await Verification.ListReceiptsAsync(group, default, limit: 1);
        var receipt = Assert.Single(first.Receipts);
        Assert.Equal((verified, first.Last, false), (receipt.Task, verified, first.IsLast));
        Assert.Equal((AnswerHash.Of(Bytes("{}")), AnswerHash.Of(Bytes("42"))), (receipt.Payload, receipt.Result));
        Assert.Equal([1, 3, 4], receipt.Supporters.Select(static supporter => supporter.Identity.Value));
        // A lead of two, while a tenth lies: 1 / (1 + 9 * 9).
        Assert.Equal(1 / 82.0, receipt.Risk!.Value, tolerance: 1e-8);
        var rest = await Verification.ListReceiptsAsync(group, first.Last, limit: 10);
        Assert.True(rest.IsLast);
        Assert.Equal((plain, null), (Assert.Single(rest.Receipts).Task, rest.Receipts[0].Risk));
        Assert.Empty(rest.Receipts[0].Supporters);

        var results = (await Store.ListResultsAsync(group, ResultOrder.Finished, after: 0, limit: 10)).Results;
        Assert.Equal([3, null], results.Select(static result => result.Answers));
        Assert.Equal(1 / 82.0, results[0].Risk, tolerance: 1e-8);
    }

    [Fact]
    public async Task Secret_StaysTheSame()
    {
        var secret = (await Verification.GetSecretAsync()).ToArray();
        Assert.Equal(WorkerKeys.SecretBytes, secret.Length);
        await ReopenAsync();
        Assert.Equal(secret, (await Verification.GetSecretAsync()).ToArray());
    }

    [Fact]
    public async Task Check_IsAnnounced_OnceItIsThere()
    {
        var ready = new List<ReadyTasks>();
        Store.BecameReady += ready.Add;
        await SubmitAsync(Verified);
        await AnswerAsync(1, "42");
        Assert.Single(ready, static tasks => tasks.Requires.IsCheck);
    }
}
