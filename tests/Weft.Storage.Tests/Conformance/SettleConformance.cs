using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Conformance;

public abstract class SettleConformance(IStoreHost host) : TaskStoreConformance(host)
{
    private static readonly ClaimRequest Next = new() { WorkerId = "worker", Max = 10 };

    [Fact]
    public async Task Settle_AppliesItsChangesAndClaimsTheNext()
    {
        var ids = await SubmitAllAsync(Plain, Plain, Plain);
        var held = await ClaimOneAsync();
        var outcome = await Store.SettleAsync([Completing(held)], Next with { Max = 1 });
        Assert.Equal([Refusal.None], outcome.Changes);
        Assert.Equal([ids[1]], outcome.Claimed.Select(static task => task.Task.Id));
        await ReopenAsync();
        Assert.Equal(new StateCounts { Ready = 1, Leased = 1, Completed = 1 }, await CountsAsync());
    }

    [Fact]
    public async Task Heartbeat_AnswersWhenItsLeaseEnds_AndNothingElseDoes()
    {
        await SubmitAllAsync(Plain, Plain);
        var held = await ClaimOneAsync();
        var other = await ClaimOneAsync();
        await AdvanceAsync(TimeSpan.FromSeconds(20));
        var heartbeat = new TaskCommand.Heartbeat(held.Task.Lease!.Token, TimeSpan.FromHours(1));
        var outcomes = (await Store.SettleAsync([new(held.Task.Id, heartbeat), Completing(other)], Next)).Changes;
        var lease = (await RecordAsync(held.Task.Id)).Lease!;
        Assert.True(lease.ExpiresAt >= held.Task.Lease.ExpiresAt + TimeSpan.FromMinutes(50));
        Assert.Equal([new(Refusal.None, lease.ExpiresAt), Refusal.None], outcomes);
        await AcceptAsync(held.Task.Id, TaskCommand.Cancel.Instance);
        Assert.Equal([Refusal.Cancelled], await Store.ApplyAsync([new(held.Task.Id, heartbeat)]));
    }

    [Fact]
    public async Task Settle_ThatReleasesATask_MayClaimItAgain()
    {
        var id = await SubmitAsync();
        var held = await ClaimOneAsync();
        var outcome = await Store.SettleAsync([new(id, new TaskCommand.Release(held.Task.Lease!.Token))], Next);
        var again = Assert.Single(outcome.Claimed);
        Assert.Equal(id, again.Task.Id);
        Assert.NotEqual(held.Task.Lease.Token, again.Task.Lease!.Token);
    }

    [Fact]
    public async Task Settle_WhoseChangesAreRefused_ClaimsAllTheSame()
    {
        var ids = await SubmitAllAsync(Plain, Plain);
        var held = await ClaimOneAsync();
        await CompleteAsync(held);
        var outcome = await Store.SettleAsync(
            [new(held.Task.Id, new TaskCommand.Fail(held.Task.Lease!.Token, "late", MayRetry: true, Jitter: 0)),
                new(new(999), TaskCommand.Cancel.Instance)], Next);
        Assert.Equal([Refusal.AlreadyFinished, Refusal.NotFound], outcome.Changes);
        Assert.Equal([ids[1]], outcome.Claimed.Select(static task => task.Task.Id));
    }

    [Fact]
    public async Task Settle_WithNothingLeftToClaim_StillApplies()
    {
        await SubmitAsync();
        var held = await ClaimOneAsync();
        Assert.Empty((await Store.SettleAsync([Completing(held)], Next)).Claimed);
        Assert.Equal(TaskState.Completed, await StateAsync(held.Task.Id));
    }

    private static TaskChange Completing(ClaimedTask held) =>
        new(held.Task.Id, new TaskCommand.Complete(held.Task.Lease!.Token, Bytes("1")));
}
