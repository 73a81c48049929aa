using Weft.Core;
using Weft.Core.Matching;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Conformance;

public abstract class CancelConformance(IStoreHost host) : TaskStoreConformance(host)
{
    [Fact]
    public async Task Cancel_TellsTheWorkerAtItsNextWord()
    {
        var id = await SubmitAsync();
        var token = (await ClaimOneAsync()).Task.Lease!.Token;
        await AcceptAsync(id, TaskCommand.Cancel.Instance);
        await ReopenAsync();
        Assert.Equal(Refusal.Cancelled, await ApplyAsync(id, new TaskCommand.Heartbeat(token)));
        Assert.Equal(Refusal.Cancelled, await ApplyAsync(id, new TaskCommand.Complete(token, Bytes("1"))));
        Assert.Equal(Refusal.Cancelled, await ApplyAsync(id, new TaskCommand.Complete(null, Bytes("1"))));
        Assert.Equal(Refusal.Cancelled, await ApplyAsync(id, TaskCommand.Cancel.Instance));
        var found = await FindAsync(id, TaskParts.Result);
        Assert.Equal(TaskState.Cancelled, found.Task.State);
        Assert.Null(found.Result);
    }

    [Fact]
    public async Task CancelWaiting_LeavesWhatWorkersHaveAndOtherQueues()
    {
        var ids = await SubmitAllAsync(Plain, Plain, Plain with { Delay = TimeSpan.FromHours(1) },
            Plain with { Queue = "other" });
        await ClaimOneAsync();
        Assert.Equal(new(2, null), await Store.CancelAsync(CancelSelection.WaitingIn(Limits.QueueDefault), 100));
        await ReopenAsync();
        Assert.Equal([TaskState.Leased, TaskState.Cancelled, TaskState.Cancelled, TaskState.Ready],
            await Task.WhenAll(ids.Select(StateAsync)));
        Assert.Equal(new StateCounts { Leased = 1, Cancelled = 2 }, await CountsAsync());
        Assert.Equal(new(0, null), await Store.CancelAsync(CancelSelection.WaitingIn("nowhere"), 100));
    }

    [Fact]
    public async Task CancelGroup_CancelsAllThatIsUnfinished()
    {
        var group = await CreateGroupAsync(null);
        var member = Plain with { Group = group };
        var ids = await SubmitAllAsync(member, member, member with { Delay = TimeSpan.FromHours(1) },
            member with { Queue = "other" }, Plain);
        await CompleteAsync(await ClaimOneAsync());
        await ClaimOneAsync();
        Assert.Equal(new(3, null), await Store.CancelAsync(CancelSelection.Of(group), 100));
        Assert.Equal(
            [TaskState.Completed, TaskState.Cancelled, TaskState.Cancelled, TaskState.Cancelled, TaskState.Ready],
            await Task.WhenAll(ids.Select(StateAsync)));
        Assert.Equal(new StateCounts { Completed = 1, Cancelled = 3 }, (await Store.FindGroupAsync(group))!.Counts);
    }

    [Fact]
    public async Task CancelWaiting_BiteByBite_CancelsEachTaskOnce()
    {
        await SubmitAllAsync(Plain, Plain with { Delay = TimeSpan.FromHours(1) },
            Plain with { Requires = Requirements.Parse("gpu") }, Plain, Plain with { Queue = "other" });
        Assert.Equal([2, 2, 0], await CancelInBitesAsync(CancelSelection.WaitingIn(Limits.QueueDefault), 2));
        Assert.Equal(new StateCounts { Cancelled = 4 }, await CountsAsync());
    }

    [Fact]
    public async Task CancelGroup_BiteByBite_LooksAtEachMemberOnce()
    {
        var member = Plain with { Group = await CreateGroupAsync(null) };
        var ids = await SubmitAllAsync([.. Enumerable.Repeat(member, 7)]);
        foreach (var id in ids.Take(3)) await AcceptAsync(id, TaskCommand.Cancel.Instance);
        // 3 bites of 2 members and the last one: the finished ones are looked at, and never again.
        Assert.Equal([0, 1, 2, 1], await CancelInBitesAsync(CancelSelection.Of(member.Group.Value), 2));
        Assert.Equal(new StateCounts { Cancelled = 7 }, await CountsAsync());
    }

    private async Task<List<int>> CancelInBitesAsync(CancelSelection selection, int max)
    {
        var bites = new List<int>();
        for (CancelSelection? rest = selection; rest is not null;)
        {
            (var bite, rest) = await Store.CancelAsync(rest, max);
            bites.Add(bite);
        }

        return bites;
    }
}
