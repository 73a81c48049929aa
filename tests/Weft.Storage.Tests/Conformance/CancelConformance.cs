using Weft.Core;
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
        var ids = await SubmitAllAsync(Plain, Plain, Plain with { Delay = TimeSpan.FromHours(1) }, Plain with { Queue = "other" });
        await ClaimOneAsync();
        Assert.Equal(2, await Store.CancelAsync(CancelSelection.WaitingIn(Limits.QueueDefault), 100));
        await ReopenAsync();
        Assert.Equal([TaskState.Leased, TaskState.Cancelled, TaskState.Cancelled, TaskState.Ready], await Task.WhenAll(ids.Select(StateAsync)));
        Assert.Equal(new StateCounts { Leased = 1, Cancelled = 2 }, await CountsAsync());
        Assert.Equal(0, await Store.CancelAsync(CancelSelection.WaitingIn("nowhere"), 100));
    }

    [Fact]
    public async Task CancelGroup_CancelsAllThatIsUnfinished()
    {
        var group = await Store.CreateGroupAsync(null);
        var member = Plain with { Group = group };
        var ids = await SubmitAllAsync(member, member, member with { Delay = TimeSpan.FromHours(1) }, member with { Queue = "other" }, Plain);
        await CompleteAsync(await ClaimOneAsync());
        await ClaimOneAsync();
        Assert.Equal(3, await Store.CancelAsync(CancelSelection.Of(group), 100));
        Assert.Equal(
            [TaskState.Completed, TaskState.Cancelled, TaskState.Cancelled, TaskState.Cancelled, TaskState.Ready],
            await Task.WhenAll(ids.Select(StateAsync)));
        Assert.Equal(new StateCounts { Completed = 1, Cancelled = 3 }, (await Store.FindGroupAsync(group))!.Counts);
    }

    [Fact]
    public async Task CancelWaiting_CancelsNoMoreThanAskedFor()
    {
        await SubmitAllAsync(Plain, Plain, Plain);
        var queue = CancelSelection.WaitingIn(Limits.QueueDefault);
        Assert.Equal((2, 1, 0), (await Store.CancelAsync(queue, 2), await Store.CancelAsync(queue, 2), await Store.CancelAsync(queue, 2)));
    }
}
