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
    public async Task DeleteFinished_DeletesFewLargeTasksAtOnce()
    {
        foreach (var id in await SubmitAllAsync(Large, Large, Large, Plain))
        {
            await AcceptAsync(id, TaskCommand.Cancel.Instance);
        }

        await AdvanceAsync(Age);
        Assert.Equal(2, await Store.DeleteFinishedAsync(Age, 100));
        Assert.Equal(2, await Store.DeleteFinishedAsync(Age, 100));
        Assert.Equal(0, await Store.DeleteFinishedAsync(Age, 100));
        Assert.Equal(default, await CountsAsync());
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
    public async Task DeleteFinished_KeepsTheResultsOfAGroup_UntilAllOfItIsFinished()
    {
        var group = (await Store.CreateGroupAsync("run"))!.Value;
        var ids = await SubmitAllAsync(Plain with { Group = group }, Plain with { Group = group }, Plain);
        var (first, second, single) = (await ClaimOneAsync(), await ClaimOneAsync(), await ClaimOneAsync());
        await CompleteAsync(second, "2");
        await CompleteAsync(single);
        await AdvanceAsync(Age + Age);
        // Whoever reads the results in order waits for the first one.
        Assert.Equal(1, await Store.DeleteFinishedAsync(Age, 100));
        Assert.Equal(TaskState.Completed, await StateAsync(ids[1]));
        await CompleteAsync(first);
        Assert.Equal([ids[0], ids[1]],
            (await Store.ListResultsAsync(group, ResultOrder.Submitted, 0, 10))
                .Results.Select(static result => result.Id));
        Assert.Equal(1, await Store.DeleteFinishedAsync(Age, 100));
        await AdvanceAsync(Age);
        Assert.Equal(1, await Store.DeleteFinishedAsync(Age, 100));
    }

    [Fact]
    public async Task DeleteFinished_DoesNotKeepTheResultsOfAGroupForEver()
    {
        var group = (await Store.CreateGroupAsync("never ends"))!.Value;
        await SubmitAllAsync(Plain with { Group = group }, Plain with { Group = group });
        await CompleteAsync(await ClaimOneAsync());
        await AdvanceAsync(9 * Age);
        Assert.Equal(0, await Store.DeleteFinishedAsync(Age, 100));
        await AdvanceAsync(Age);
        Assert.Equal(1, await Store.DeleteFinishedAsync(Age, 100));
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
        foreach (var id in await SubmitAllAsync(Plain, Plain, Plain))
            await AcceptAsync(id, TaskCommand.Cancel.Instance);
        await AdvanceAsync(Age);
        Assert.Equal((2, 1, 0),
            (await Store.DeleteFinishedAsync(Age, 2), await Store.DeleteFinishedAsync(Age, 2),
                await Store.DeleteFinishedAsync(Age, 2)));
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
        var group = await CreateGroupAsync(null);
        var ids = await SubmitAllAsync(Plain with { Group = group }, Plain with { Group = group });
        await AcceptAsync(ids[0], TaskCommand.Cancel.Instance);
        await AdvanceAsync(Age);
        await AcceptAsync(ids[1], TaskCommand.Cancel.Instance);
        Assert.Equal(1, await Store.DeleteFinishedAsync(Age, 10));
        Assert.Equal(new StateCounts { Cancelled = 1 }, (await Store.FindGroupAsync(group))!.Counts);
    }

    [Fact]
    public async Task AGroup_GoesWithTheLastOfItsTasks()
    {
        var group = await CreateGroupAsync("run");
        var ids = await SubmitAllAsync(Plain with { Group = group }, Plain with { Group = group });
        await AcceptAsync(ids[0], TaskCommand.Cancel.Instance);
        await AdvanceAsync(Age);
        await AcceptAsync(ids[1], TaskCommand.Cancel.Instance);
        Assert.Equal((1, 0), (await Store.DeleteFinishedAsync(Age, 10), await Store.DeleteEmptyGroupsAsync(Age, 10)));
        Assert.NotNull(await Store.FindGroupAsync(group));
        await AdvanceAsync(Age);
        Assert.Equal((1, 1), (await Store.DeleteFinishedAsync(Age, 10), await Store.DeleteEmptyGroupsAsync(Age, 10)));
        await ReopenAsync();
        Assert.Null(await Store.FindGroupAsync(group));
        Assert.Equal(SubmitStatus.GroupNotFound, (await Store.SubmitAsync(new([Plain with { Group = group }]))).Status);
        Assert.Equal(new GroupId(group.Value + 1), await CreateGroupAsync(null));
    }

    [Fact]
    public async Task AGroupThatNeverHadATask_GoesOnceItIsOld()
    {
        var (first, second) = (await CreateGroupAsync("a"), await CreateGroupAsync("b"));
        Assert.Equal(0, await Store.DeleteEmptyGroupsAsync(Age, 10));
        await AdvanceAsync(Age);
        var young = await CreateGroupAsync("c");
        Assert.Equal((1, 1, 0),
            (await Store.DeleteEmptyGroupsAsync(Age, 1), await Store.DeleteEmptyGroupsAsync(Age, 1),
                await Store.DeleteEmptyGroupsAsync(Age, 1)));
        Assert.Null(await Store.FindGroupAsync(first));
        Assert.Null(await Store.FindGroupAsync(second));
        Assert.NotNull(await Store.FindGroupAsync(young));
    }

    [Fact]
    public async Task AGroupThatIsSubmittedToAsItIsDeleted_KeepsItsTask_OrRefusesIt()
    {
        var groups = new List<GroupId>();
        for (var i = 0; i < 20; i++) groups.Add(await CreateGroupAsync(null));
        await AdvanceAsync(Age);
        var submits = groups.Select(group => Store.SubmitAsync(new([Plain with { Group = group }]))).ToList();
        var deleted = Store.DeleteEmptyGroupsAsync(Age, 100);
        var stored = (await Task.WhenAll(submits)).Count(static outcome => outcome.Status == SubmitStatus.Stored);
        Assert.Equal(groups.Count, stored + await deleted);
        Assert.Equal(stored,
            (await Store.ListGroupsAsync(null, null, 100)).Groups.Count(static group => group.Counts.Ready == 1));
    }
}
