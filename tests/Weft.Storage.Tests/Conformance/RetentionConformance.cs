using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Conformance;

public abstract class RetentionConformance(IStoreHost host) : TaskStoreConformance(host)
{
    private static readonly TimeSpan Age = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task DeleteFinished_DeletesWhatFinishedLongAgoWithAllItsParts()
    {
        var ids = await SubmitAllAsync(Plain, Plain, Plain, Plain);
        await CompleteAsync(await ClaimOneAsync());
        await FailAsync(await ClaimOneAsync(), mayRetry: false);
        await AcceptAsync(ids[2], TaskCommand.Cancel.Instance);
        await AdvanceAsync(Age);
        Assert.Equal(3, await Store.DeleteFinishedAsync(Age, 100));
        await ReopenAsync();
        foreach (var id in ids.Take(3))
        {
            Assert.Null(await Store.FindAsync(id, TaskParts.Payload | TaskParts.Result));
            Assert.Equal(Refusal.NotFound, await ApplyAsync(id, TaskCommand.Retry.Instance));
        }

        Assert.Equal([ids[3]], (await Store.ListAsync(new(), null, 10)).Tasks.Select(static task => task.Id));
        Assert.Equal(new StateCounts { Ready = 1 }, await CountsAsync());
    }

    [Fact]
    public async Task DeleteFinished_KeepsWhatFinishedLately()
    {
        await SubmitAllAsync(Plain, Plain);
        await CompleteAsync(await ClaimOneAsync());
        await AdvanceAsync(TimeSpan.FromMinutes(6));
        await CompleteAsync(await ClaimOneAsync());
        await AdvanceAsync(TimeSpan.FromMinutes(6));
        Assert.Equal(1, await Store.DeleteFinishedAsync(Age, 100));
        Assert.Equal(new StateCounts { Completed = 1 }, await CountsAsync());
    }

    [Fact]
    public async Task DeleteFinished_KeepsADeadTaskThatWasRetried()
    {
        var id = await SubmitAsync();
        await FailAsync(await ClaimOneAsync(), mayRetry: false);
        await AcceptAsync(id, TaskCommand.Retry.Instance);
        await AdvanceAsync(Age + Age);
        Assert.Equal(0, await Store.DeleteFinishedAsync(Age, 100));
        Assert.Equal(TaskState.Ready, await StateAsync(id));
    }

    [Fact]
    public async Task DeleteFinished_DeletesNoMoreThanAskedFor()
    {
        foreach (var id in await SubmitAllAsync(Plain, Plain, Plain)) await AcceptAsync(id, TaskCommand.Cancel.Instance);
        await AdvanceAsync(Age);
        Assert.Equal((2, 1, 0), (await Store.DeleteFinishedAsync(Age, 2), await Store.DeleteFinishedAsync(Age, 2), await Store.DeleteFinishedAsync(Age, 2)));
    }

    [Fact]
    public async Task Submit_AfterAllWasDeleted_GivesNoIdTwice()
    {
        var id = await SubmitAsync();
        await AcceptAsync(id, TaskCommand.Cancel.Instance);
        await AdvanceAsync(Age);
        Assert.Equal(1, await Store.DeleteFinishedAsync(Age, 1));
        await ReopenAsync();
        Assert.Equal(new TaskId(id.Value + 1), await SubmitAsync());
    }

    [Fact]
    public async Task DeleteFinished_TakesTheTasksOutOfTheirGroupsCounts()
    {
        var group = await Store.CreateGroupAsync(null);
        var ids = await SubmitAllAsync(Plain with { Group = group }, Plain with { Group = group });
        await AcceptAsync(ids[0], TaskCommand.Cancel.Instance);
        await AdvanceAsync(Age);
        await Store.DeleteFinishedAsync(Age, 1);
        Assert.Equal(new StateCounts { Ready = 1 }, (await Store.FindGroupAsync(group))!.Counts);
    }
}
