using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Verification;
using Weft.Storage.Tests.Auditor;

namespace Weft.Storage.Tests.Conformance;

/// <summary>
/// Tasks whose results are checked as rarely as their workers' names allow. An elder has given two answers here, and
/// where answers differ, two elders more decide.
/// </summary>
public abstract class AdaptiveConformance(IAuditedHost host, Func<ITaskStore, IVerificationStore> verification)
    : TaskStoreConformance(host)
{
    private const double Check = 0;
    private const double NoCheck = 0.999;
    private const string Queue = Limits.QueueDefault;

    private static readonly VerificationPolicy Policy = VerificationPolicy.Default with { MaxWrong = 0.1 };

    private static readonly NewTask Verified = Plain with { Verify = Policy };

    private IVerificationStore Verification => verification(Store);

    private static ClaimRequest By(int worker, bool isTrusted = false) => new()
    {
        WorkerId = $"worker {worker}",
        Identity = new(new(worker), null, new((ulong)worker << 40), isTrusted),
    };

    private async Task<bool> MayClaimAsync(int worker)
    {
        var claimed = await Store.ClaimAsync(By(worker));
        foreach (var task in claimed)
        {
            await AcceptAsync(task.Task.Id, new TaskCommand.Release(task.Task.Lease!.Token, TimeSpan.Zero));
        }

        return claimed.Count > 0;
    }

    private async Task AnswerAsync(int worker, string result, bool isTrusted = false) =>
        await CompleteAsync(Assert.Single(await Store.ClaimAsync(By(worker, isTrusted))), result);

    /// <summary>A task whose first answer is this one.</summary>
    private async Task<TaskId> AnswerNewAsync(int worker, string result, double coin, GroupId? group = null)
    {
        var id = await SubmitAsync(Verified with { Group = group });
        host.Coin = coin;
        await AnswerAsync(worker, result);
        return id;
    }

    /// <summary>Workers that have given two right answers each, the first of them checked.</summary>
    private async Task MakeEldersAsync(params int[] workers)
    {
        foreach (var worker in workers)
        {
            var id = await AnswerNewAsync(worker, "1", NoCheck);
            for (var other = 901; await StateAsync(id) == TaskState.Checking; other++)
            {
                await AdvanceAsync(Limits.VerifyElderWait);
                await AnswerAsync(other, "1");
            }

            await AnswerNewAsync(worker, "1", NoCheck);
        }
    }

    private async Task<WorkerStanding> StandingAsync(int worker) =>
        (await Verification.ListStandingsAsync(Queue, 100)).Single(known => known.Identity.Value == worker);

    private async Task<IEnumerable<long>> BarredAsync() =>
        (await Verification.ListBarredAsync()).Where(static worker => worker.Queue == Queue)
            .Select(static worker => worker.Identity.Value);

    private async Task AssertSoundAsync()
    {
        await ReopenAsync();
        host.AssertSound();
    }

    [Fact]
    public async Task Answer_OfANewWorker_IsCheckedInTwoOtherNetworks()
    {
        var id = await AnswerNewAsync(1, "1", NoCheck);
        Assert.Equal(TaskState.Checking, await StateAsync(id));
        await AnswerAsync(2, "1");
        Assert.Equal(TaskState.Checking, await StateAsync(id));
        await AnswerAsync(3, "1");
        Assert.Equal(TaskState.Completed, await StateAsync(id));
        // Checks of others make no name.
        Assert.Equal(new Standing(1, 2, 0, false), (await StandingAsync(1)).Standing);
        Assert.Equal(new Standing(0, 1, 0, false), (await StandingAsync(2)).Standing);
        await AssertSoundAsync();
    }

    [Fact]
    public async Task Answers_ThatAreSentAtOnce_SayNothingForEachOther()
    {
        const int Known = 7;
        await MakeEldersAsync(1, 3);
        for (var i = 2; i < Known; i++) await AnswerNewAsync(3, "1", NoCheck);
        await SubmitAllAsync([.. Enumerable.Repeat(Verified, 2 * Known)]);
        var claimed = await Store.ClaimAsync(By(3) with { Max = 2 * Known });
        Assert.Equal(Known + 1, claimed.Count);
        var answers = claimed.Select(static task =>
            new TaskChange(task.Task.Id, new TaskCommand.Complete(task.Task.Lease!.Token, Bytes("9")))).ToArray();
        // The first two by the coin, all others since two wait.
        host.Coin = Check;
        await Store.ApplyAsync(answers[..2]);
        host.Coin = NoCheck;
        foreach (var batch in answers[2..].Chunk(3)) await Store.ApplyAsync(batch);
        Assert.Equal(claimed.Count, (await CountsAsync()).Checking);
        var standing = (await StandingAsync(3)).Standing;
        Assert.Equal((claimed.Count, 2), (standing.Open, standing.Drawn));

        // They are settled one by one, however they end.
        await AnswerAsync(1, "9");
        await AcceptAsync(claimed[1].Task.Id, TaskCommand.Cancel.Instance);
        standing = (await StandingAsync(3)).Standing;
        Assert.Equal((claimed.Count - 2, 0), (standing.Open, standing.Drawn));
        // Those that wait though the coin didn't choose them have no others checked.
        var completed = (await CountsAsync()).Completed;
        await AnswerAsync(3, "1");
        Assert.Equal(completed + 1, (await CountsAsync()).Completed);
        await AssertSoundAsync();
    }

    [Fact]
    public async Task Worker_GetsNoFurtherAheadOfItsChecks_ThanItWasFoundRight()
    {
        List<IdentityId> freed = [];
        List<string> held = [];
        Store.Freed += workers => { lock (freed) freed.AddRange(workers); };
        await MakeEldersAsync(1);
        await SubmitAllAsync([.. Enumerable.Repeat(Verified, 10)]);
        var many = By(3) with { Max = 5, Held = held.Add };
        var first = Assert.Single(await Store.ClaimAsync(many));
        Assert.Equal([Queue], held.Distinct());
        // Neither while it has that in hands, nor while that waits for its check; others do.
        Assert.Empty(await Store.ClaimAsync(many));
        await CompleteAsync(first, "1");
        Assert.Empty(await Store.ClaimAsync(many));
        await AnswerAsync(1, "1");
        lock (freed) Assert.Contains(new(3), freed);
        held.Clear();
        var two = await Store.ClaimAsync(many);
        Assert.Equal(2, two.Count);
        Assert.NotEmpty(held);
        // What it gives back, another may have, and so may it.
        await AcceptAsync(two[0].Task.Id, new TaskCommand.Release(two[0].Task.Lease!.Token, TimeSpan.Zero));
        Assert.Single(await Store.ClaimAsync(many));
        // The operator's own is never held, nor whoever has proved enough.
        Assert.Equal(3, (await Store.ClaimAsync(By(8, isTrusted: true) with { Max = 3 })).Count);
        await AssertSoundAsync();
    }

    [Fact]
    public async Task Worker_GetsNoMore_ByManyClaimsAtOnce()
    {
        await MakeEldersAsync(3);
        await SubmitAllAsync([.. Enumerable.Repeat(Verified, 40)]);
        List<string> held = [];
        var claimed = await Task.WhenAll(Enumerable.Range(0, 20).SelectMany(i => (ClaimRequest[])
        [
            By(3) with { Max = 1 + (i % 3), Held = queue => { lock (held) held.Add($"{i} in {queue}"); } },
            By(4),
        ]).Select(Store.ClaimAsync));
        Assert.Equal(3, claimed.Where(static (_, i) => i % 2 == 0).Sum(static tasks => tasks.Count));
        Assert.Equal(1, claimed.Where(static (_, i) => i % 2 == 1).Sum(static tasks => tasks.Count));
        // All but those that were served in full before it was held.
        Assert.InRange(held.Distinct().Count(), 18, 20);
        await AssertSoundAsync();
    }

    [Fact]
    public async Task Worker_IsNotHeldBack_ByAnAnswerThatNobodyComesToCheck()
    {
        await SubmitAllAsync([.. Enumerable.Repeat(Verified, 10)]);
        await AnswerAsync(3, "1");
        await AdvanceAsync(Limits.VerifyUnlookedTime - TimeSpan.FromSeconds(1));
        Assert.False(await MayClaimAsync(3));
        await AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.True(await MayClaimAsync(3));
        // It has one more, not any number, and speaks for itself no more than before.
        await AnswerAsync(3, "1");
        Assert.False(await MayClaimAsync(3));
        Assert.Equal(new Standing(2, 0, 0, false, Open: 2), (await StandingAsync(3)).Standing);
        await AdvanceAsync(Limits.VerifyUnlookedTime);
        await AnswerAsync(3, "1");
        Assert.Equal(3, (await CountsAsync()).Checking);

        // Somebody has come: while it is computed, the first of its checks holds it as ever.
        await AdvanceAsync(Limits.VerifyUnlookedTime);
        Assert.True(await MayClaimAsync(3));
        Assert.NotEmpty(await Store.ClaimAsync(By(4)));
        Assert.False(await MayClaimAsync(3));
        await AssertSoundAsync();
    }

    [Fact]
    public async Task Worker_IsHeldBack_WhileOnlyAnElderMayCheck()
    {
        await MakeEldersAsync(1);
        await SubmitAllAsync([.. Enumerable.Repeat(Verified, 10)]);
        await AnswerAsync(3, "1");
        await AdvanceAsync(Limits.VerifyElderWait);
        Assert.False(await MayClaimAsync(3));
        await AdvanceAsync(Limits.VerifyUnlookedTime);
        Assert.True(await MayClaimAsync(3));
    }

    [Fact]
    public async Task Answer_ThatNobodyFoundRight_SaysNothingForItsWorker()
    {
        List<IdentityId> freed = [];
        Store.Freed += workers => { lock (freed) freed.AddRange(workers); };
        await MakeEldersAsync(1);
        for (var i = 0; i < 3; i++)
        {
            await SubmitAllAsync([Verified, Verified]);
            var one = Assert.Single(await Store.ClaimAsync(By(3) with { Max = 5 }));
            await CompleteAsync(one, "9");
            lock (freed) freed.Clear();
            await AcceptAsync(one.Task.Id, TaskCommand.Cancel.Instance);
            lock (freed) Assert.Contains(new(3), freed);
            var known = await StandingAsync(3);
            Assert.Equal((default, 0), (known.Standing, known.Given));
        }

        // What others say of it afterwards counts from there.
        await AnswerNewAsync(3, "1", NoCheck);
        await AnswerAsync(1, "1");
        Assert.Equal(new Standing(1, 1, 0, false), (await StandingAsync(3)).Standing);
        await AssertSoundAsync();
    }

    [Fact]
    public async Task Tasks_WhoseResultsAreAllChecked_AreHandedOutAtAnyPace()
    {
        var all = Plain with { Verify = VerificationPolicy.Default with { Mode = VerifyMode.All } };
        await SubmitAllAsync([.. Enumerable.Repeat(all, 4)]);
        Assert.Equal(4, (await Store.ClaimAsync(By(3) with { Max = 4 })).Count);
    }

    [Fact]
    public async Task Answer_OfAKnownWorker_IsBelievedAtOnce_UnlessTheCoinSaysOtherwise()
    {
        await MakeEldersAsync(1);
        var group = await CreateGroupAsync("believed");
        var believed = await AnswerNewAsync(1, "7", NoCheck, group);
        Assert.Equal(Bytes("7"), (await FindAsync(believed, TaskParts.Result)).Result!.Value.ToArray());
        var answer = Assert.Single((await Verification.ListAnswersAsync(believed)).Answers);
        Assert.Equal((AnswerRole.First, AnswerVerdict.Agreed), (answer.Role, answer.Verdict));
        var receipt = Assert.Single((await Verification.ListReceiptsAsync(group, default, limit: 10)).Receipts);
        Assert.Equal((Policy.MaxWrong, false), (receipt.Risk, receipt.IsCorrected));
        Assert.Equal(1, Assert.Single(receipt.Supporters).Identity.Value);

        var doubted = await AnswerNewAsync(1, "7", Check);
        Assert.Equal(TaskState.Checking, await StateAsync(doubted));
        await AnswerAsync(2, "7");
        Assert.Equal(TaskState.Completed, await StateAsync(doubted));
        Assert.Equal(4, (await StandingAsync(1)).Standing.Answers);
        await AssertSoundAsync();
    }

    [Fact]
    public async Task Check_IsForAnElder_WhileOneMayComeForIt()
    {
        await MakeEldersAsync(1);
        var id = await AnswerNewAsync(3, "1", NoCheck);
        Assert.False(await MayClaimAsync(4));
        Assert.True(await MayClaimAsync(1));
        await AdvanceAsync(Limits.VerifyElderWait);
        Assert.True(await MayClaimAsync(4));
        await AnswerAsync(1, "1");
        Assert.Equal(TaskState.Completed, await StateAsync(id));
        Assert.Equal(2, (await Verification.ListAnswersAsync(id)).Answers.Count);
    }

    [Fact]
    public async Task Names_SurviveARestart()
    {
        await MakeEldersAsync(1);
        await ReopenAsync();
        Assert.Equal(2, (await StandingAsync(1)).Standing.Answers);
        Assert.Equal(TaskState.Completed, await StateAsync(await AnswerNewAsync(1, "7", NoCheck)));
    }

    [Fact]
    public async Task Names_AreOfOneQueue()
    {
        await MakeEldersAsync(1);
        var id = await SubmitAsync(Verified with { Queue = "other" });
        var claimed = Assert.Single(await Store.ClaimAsync(By(1) with { Queues = ["other"] }));
        await CompleteAsync(claimed, "1");
        Assert.Equal(TaskState.Checking, await StateAsync(id));
    }

    [Fact]
    public async Task Answers_ThatDiffer_AreDecidedByElders_AndTheLoserIsAtFault()
    {
        await MakeEldersAsync(1, 2);
        var id = await AnswerNewAsync(3, "9", NoCheck);
        await AnswerAsync(1, "1");
        Assert.Equal(TaskState.Checking, await StateAsync(id));
        Assert.False(await MayClaimAsync(4));
        await AnswerAsync(2, "1");
        Assert.Equal(Bytes("1"), (await FindAsync(id, TaskParts.Result)).Result!.Value.ToArray());
        var loser = await StandingAsync(3);
        Assert.Equal((0, 1, false), (loser.Standing.Answers, loser.Standing.Faults, loser.Standing.IsBarred));
        Assert.Equal(0, (await StandingAsync(1)).Standing.Faults);
        await AssertSoundAsync();
    }

    [Fact]
    public async Task Answer_ThatIsTold_NeedNotBeTheNewest()
    {
        await MakeEldersAsync(1, 2, 3, 4, 6, 7);
        var id = await AnswerNewAsync(3, "9", Check);
        await AnswerAsync(1, "1");
        await AnswerAsync(2, "1");
        await AnswerAsync(6, "9");
        await AnswerAsync(4, "1");
        // A name that is worth so much that all these lies can be told while the first waits.
        for (var i = 0; i < 8; i++) await AnswerNewAsync(3, "1", NoCheck);
        for (var lie = 0; lie < Limits.VerifyFaultsToBar; lie++)
        {
            var other = await AnswerNewAsync(3, "8", Check);
            foreach (var elder in (int[])[1, 2, 4])
            {
                if (await StateAsync(other) == TaskState.Checking) await AnswerAsync(elder, "1");
            }
        }

        Assert.True((await StandingAsync(3)).Standing.IsBarred);
        Assert.Equal(TaskState.Checking, await StateAsync(id));
        // Three elders say the one, one says the other by now, and this one says something else.
        await AnswerAsync(7, "7");
        Assert.Equal(Bytes("1"), (await FindAsync(id, TaskParts.Result)).Result!.Value.ToArray());
        await AssertSoundAsync();
    }

    [Fact]
    public async Task Worker_ThatFailsTooManyChecks_IsBarred()
    {
        await MakeEldersAsync(1, 2);
        for (var lie = 0; lie < Limits.VerifyFaultsToBar; lie++)
        {
            Assert.DoesNotContain(3, await BarredAsync());
            await AnswerNewAsync(3, "9", Check);
            await AnswerAsync(1, "1");
            await AnswerAsync(2, "1");
        }

        Assert.Contains(3, await BarredAsync());
        // From that moment on it gets no task, and no check that anybody may have.
        await AnswerNewAsync(1, "1", Check);
        await SubmitAsync(Verified);
        await AdvanceAsync(Limits.VerifyElderWait);
        Assert.False(await MayClaimAsync(3));
        Assert.True(await MayClaimAsync(4));
        await AssertSoundAsync();
    }

    [Fact]
    public async Task Sample_CountsCopies_ChecksThatDiffered_AndAuditsThatFoundWrong()
    {
        Assert.Equal(new(null, 0, 0, 0, 0, 0, 0, null), await Verification.SampleAsync(Queue));
        await MakeEldersAsync(1, 2, 3, 4);
        var before = await Verification.SampleAsync(Queue);
        Assert.Equal((8, 0, 0), (before.Results, before.Differed, before.Audited));
        Assert.Equal(Policy, before.Policy);

        var group = await CreateGroupAsync("some");
        await AnswerNewAsync(3, "9", NoCheck, group);
        await AnswerNewAsync(3, "8", Check);
        Assert.Equal(before.Results + 1, (await Verification.SampleAsync(Queue)).Results);
        await AnswerAsync(1, "1");
        await AnswerAsync(2, "1");
        await AnswerAsync(4, "1");
        await AuditAllAsync(1, 2, 4);

        var sample = await Verification.SampleAsync(Queue);
        Assert.Equal((10, 1, 1), (sample.Results, sample.Differed, sample.Wrong));
        Assert.Equal(before.Checked + 1, sample.Checked);
        Assert.True(sample.Audited >= 1 && sample.Answers >= before.Answers + 6, sample.ToString());
        Assert.Equal(0, (await Verification.SampleAsync("other")).Results);
        var told = await Verification.SampleAsync(group);
        Assert.Equal((1, 4, 0, 1, 1), (told.Results, told.Answers, told.Checked, told.Audited, told.Wrong));
        Assert.InRange(told.Risk!.Value, 0, Policy.MaxWrong);
    }

    [Fact]
    public async Task Answer_OfATrustedWorker_IsBelievedAndDecides()
    {
        var id = await AnswerNewAsync(3, "9", NoCheck);
        await AnswerAsync(8, "1", isTrusted: true);
        Assert.Equal(Bytes("1"), (await FindAsync(id, TaskParts.Result)).Result!.Value.ToArray());
        Assert.Equal(1, (await StandingAsync(3)).Standing.Faults);
        var own = await SubmitAsync(Verified);
        await AnswerAsync(8, "2", isTrusted: true);
        Assert.Equal(TaskState.Completed, await StateAsync(own));
    }

    [Fact]
    public async Task Module_WhoseAnswersDifferByThemselves_CostsNobodyMore()
    {
        await MakeEldersAsync(1, 2, 3, 11, 12, 13, 14);
        for (var worker = 11; worker <= 14; worker++)
        {
            await AnswerNewAsync(worker, $"{worker}", Check);
            await AnswerAsync(1, "1");
            await AnswerAsync(2, "1");
            await AnswerAsync(3, "1");
        }

        Assert.Equal(1, (await StandingAsync(14)).Standing.Faults);
        var id = await AnswerNewAsync(15, "15", Check);
        await AnswerAsync(1, "1");
        var dead = await RecordAsync(id);
        Assert.Equal(TaskState.Dead, dead.State);
        Assert.Contains(AnswerHash.Of(Bytes("15")).ShortText, dead.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await StandingAsync(15)).Standing.Faults);
        await AssertSoundAsync();
    }

    [Fact]
    public async Task Lie_ThatWasBelieved_IsCorrected_AndTheTaskStays()
    {
        var group = await CreateGroupAsync("lies");
        await MakeEldersAsync(1, 2, 3, 4);
        var told = await AnswerNewAsync(3, "9", NoCheck, group);
        Assert.Equal(TaskState.Completed, await StateAsync(told));
        Assert.Equal(0, await Verification.AuditAsync());
        await AnswerNewAsync(3, "8", Check);
        await AnswerAsync(1, "1");
        await AnswerAsync(2, "1");
        await AnswerAsync(4, "1");
        Assert.Equal(1, (await StandingAsync(3)).Standing.Faults);

        await ReopenAsync();
        await AuditAllAsync(1, 2, 4);
        var correction = Assert.Single(await Verification.ListCorrectionsAsync(group, after: 0, limit: 10));
        Assert.Equal(
            (told, AnswerHash.Of(Bytes("9")), null), (correction.Task, correction.Told, correction.Error));
        Assert.Equal(Bytes("1"), correction.Result!.Value.ToArray());
        Assert.Empty(await Verification.ListCorrectionsAsync(group, correction.Number, 10));
        Assert.Equal(Bytes("9"), (await FindAsync(told, TaskParts.Result)).Result!.Value.ToArray());
        var answers = await Verification.ListAnswersAsync(told);
        Assert.Equal(correction.Number, Assert.Single(answers.Corrections).Number);
        Assert.Equal(AnswerVerdict.Differed, answers.Answers[0].Verdict);
        Assert.Equal(AnswerRole.Audit, answers.Answers[1].Role);
        // What was told, and who stands for what is believed now.
        var receipt = Assert.Single((await Verification.ListReceiptsAsync(group, default, limit: 10)).Receipts);
        Assert.Equal((AnswerHash.Of(Bytes("9")), true), (receipt.Result, receipt.IsCorrected));
        Assert.DoesNotContain(3, receipt.Supporters.Select(static supporter => supporter.Identity.Value));
        Assert.NotEmpty(receipt.Supporters);
        Assert.True((await StandingAsync(3)).Standing.IsBarred);
        Assert.Equal(0, (await StandingAsync(3)).AuditsLeft);
        await AssertSoundAsync();
    }

    [Fact]
    public async Task Worker_ThatErredOnce_KeepsItsName_OnceAuditsFindTheRestRight()
    {
        await MakeEldersAsync(1, 2, 3, 4);
        for (var i = 0; i < 3; i++) await AnswerNewAsync(3, "1", NoCheck);
        await AnswerNewAsync(3, "8", Check);
        await AnswerAsync(1, "1");
        await AnswerAsync(2, "1");
        await AnswerAsync(4, "1");
        await AuditAllAsync(1, 2, 4);
        var standing = await StandingAsync(3);
        Assert.Equal((1, false), (standing.Standing.Faults, standing.Standing.IsBarred));
        Assert.Equal((3, 0), (standing.Standing.Answers, standing.AuditsLeft));
        await AssertSoundAsync();
    }

    [Fact]
    public async Task Audits_ThatMayProveALie_GoBeforeThoseOfTheProven()
    {
        await MakeEldersAsync(1, 2, 3, 4, 5);
        for (var i = 0; i < 3; i++)
        {
            await AnswerNewAsync(3, "9", NoCheck);
            await AnswerNewAsync(5, "1", NoCheck);
        }

        await LieAndBeCaughtAsync(3);
        // The first that are looked at may be right.
        while (!(await StandingAsync(3)).Standing.IsBarred)
        {
            Assert.Equal(1, await Verification.AuditAsync());
            foreach (var worker in (int[])[1, 2, 4])
            {
                foreach (var audit in await Store.ClaimAsync(By(worker))) await CompleteAsync(audit, "1");
            }
        }

        Assert.True((await StandingAsync(3)).AuditsLeft > 100);

        await LieAndBeCaughtAsync(5);
        var left = (await StandingAsync(5)).AuditsLeft;
        Assert.Equal(1, await Verification.AuditAsync());
        await AnswerAsync(1, "1");
        Assert.Equal(left - 1, (await StandingAsync(5)).AuditsLeft);
        await AssertSoundAsync();
    }

    private async Task LieAndBeCaughtAsync(int worker)
    {
        await AnswerNewAsync(worker, "8", Check);
        foreach (var honest in (int[])[1, 2, 4]) await AnswerAsync(honest, "1");
        Assert.Equal(1, (await StandingAsync(worker)).Standing.Faults);
    }

    [Fact]
    public async Task Audit_EndsWithItsTask()
    {
        await MakeEldersAsync(1, 2, 3, 4);
        await AnswerNewAsync(3, "9", NoCheck);
        await AnswerNewAsync(3, "8", Check);
        await AnswerAsync(1, "1");
        await AnswerAsync(2, "1");
        await AnswerAsync(4, "1");
        Assert.Equal(1, await Verification.AuditAsync());
        var audit = Assert.Single(await Store.ClaimAsync(By(1)));
        await AdvanceAsync(TimeSpan.FromDays(1));
        await Store.DeleteFinishedAsync(TimeSpan.FromHours(1), 100);
        Assert.Equal(
            Refusal.Cancelled,
            await ApplyAsync(audit.Task.Id, new TaskCommand.Complete(audit.Task.Lease!.Token, Bytes("1"))));
        Assert.Equal(0, await Verification.AuditAsync());
        Assert.Equal(0, (await StandingAsync(3)).AuditsLeft);
        await AssertSoundAsync();
    }

    [Fact]
    public async Task Retention_LeavesNames()
    {
        await MakeEldersAsync(1);
        await AdvanceAsync(TimeSpan.FromDays(1));
        await Store.DeleteFinishedAsync(TimeSpan.FromHours(1), 100);
        Assert.Equal(2, (await StandingAsync(1)).Standing.Answers);
        await AssertSoundAsync();
    }

    /// <summary>Audits until nothing is left to look at; these say the truth.</summary>
    private async Task AuditAllAsync(params int[] honest)
    {
        for (var round = 0; round < 100; round++)
        {
            var begun = await Verification.AuditAsync();
            var answered = 0;
            foreach (var worker in honest)
            {
                foreach (var audit in await Store.ClaimAsync(By(worker)))
                {
                    await CompleteAsync(audit, "1");
                    answered++;
                }
            }

            if (begun + answered == 0 && (await StandingAsync(3)).AuditsLeft == 0) return;
        }

        Assert.Fail("Audits don't end.");
    }
}
