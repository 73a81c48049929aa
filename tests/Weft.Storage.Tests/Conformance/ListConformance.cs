using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Conformance;

public abstract class ListConformance(IStoreHost host) : TaskStoreConformance(host)
{
    [Fact]
    public async Task List_OfFewAmongMany_FindsEach_AndLooksAtAllOnce()
    {
        // More than an engine behind a network reads at once.
        const int count = 2 * Limits.ListTimedEach + 9;
        HashSet<int> rare = [0, Limits.ListTimedEach - 1, Limits.ListTimedEach, count - 1];
        var ids = await SubmitAllAsync(
            [.. Enumerable.Range(0, count).Select(i => Plain with { Type = rare.Contains(i) ? "rare" : "common" })]);
        foreach (var newestFirst in (bool[])[false, true])
        {
            var (found, looked, after) = (new List<TaskId>(), 0, default(TaskId?));
            do
            {
                var page = await Store.ListAsync(
                    new(NewestFirst: newestFirst) { Type = "rare" }, after, limit: 3);
                found.AddRange(page.Tasks.Select(static task => task.Id));
                (looked, after) = (looked + page.Scanned, page.Next);
            }
            while (after is not null);

            Assert.Equal(count, looked);
            var expected = rare.Order().Select(i => ids[i]);
            Assert.Equal(newestFirst ? expected.Reverse() : expected, found);
        }
    }

    [Fact]
    public async Task ListLeased_TellsWhoHasWhat_TheLeaseThatEndsFirstFirst()
    {
        var ids = await SubmitAllAsync(
            Plain with { LeaseTime = TimeSpan.FromSeconds(90) }, Plain with { LeaseTime = TimeSpan.FromSeconds(30) },
            Plain, Plain with { Delay = TimeSpan.FromSeconds(10) }, Plain);
        await ClaimOneAsync();
        await ClaimOneAsync();
        await CompleteAsync(await ClaimOneAsync());
        await ReopenAsync();
        Assert.Equal([new(ids[1], "worker"), new(ids[0], "worker")], await Store.ListLeasedAsync(100));
        // What waits for its time is due before them, and hides none of them.
        Assert.Equal([new(ids[1], "worker"), new(ids[0], "worker")], await Store.ListLeasedAsync(2));
        Assert.Equal([new(ids[1], "worker")], await Store.ListLeasedAsync(1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task List_PageByPage_GivesEachTaskOnceInOrder(bool newestFirst)
    {
        var ids = await SubmitAllAsync([.. Enumerable.Repeat(Plain, 7)]);
        Assert.Equal(newestFirst ? ids.Reverse() : ids, await ListAllAsync(new(NewestFirst: newestFirst)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task List_WithAFilter_GivesWhatMatches(bool newestFirst)
    {
        var group = await CreateGroupAsync(null);
        var ids = await SubmitAllAsync(Plain, Plain with { Queue = "a" }, Plain with { Group = group },
            Plain with { Queue = "a", Group = group }, Plain);
        await ClaimIdsAsync(1, "a");
        await AssertListAsync(new(TaskState.Ready), 0, 2, 3, 4);
        await AssertListAsync(new(TaskState.Leased), 1);
        await AssertListAsync(new(Queue: "a"), 1, 3);
        await AssertListAsync(new(Group: group), 2, 3);
        await AssertListAsync(new(TaskState.Ready, "a", group), 3);
        await AssertListAsync(new(TaskState.Dead));
        await AssertListAsync(new(Queue: "nowhere"));

        async Task AssertListAsync(TaskFilter filter, params int[] expected)
        {
            var listed = await ListAllAsync(filter with { NewestFirst = newestFirst });
            Assert.Equal(expected.Select(i => ids[i]), newestFirst ? listed.Reverse<TaskId>() : listed);
        }
    }

    [Fact]
    public async Task List_GivesTheRecordsThatFindGives()
    {
        await SubmitAllAsync(Plain with { Type = "t" }, Plain);
        await FailAsync(await ClaimOneAsync());
        await ClaimOneAsync();
        foreach (var task in (await Store.ListAsync(new(), null, 10)).Tasks)
            Assert.Equal(await RecordAsync(task.Id), task);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task List_OfLongErrors_EndsThePageEarly_AndGoesOn(bool newestFirst)
    {
        const int perPage = Limits.ListPageErrorCharsMax / Limits.ErrorCharsMax + 1;
        var ids = await SubmitAllAsync([.. Enumerable.Repeat(Plain, 2 * perPage + 1)]);
        var claimed =
            await Store.ClaimAsync(new() { WorkerId = "worker", Queues = [Limits.QueueDefault], Max = ids.Count });
        await Store.ApplyAsync(
            [.. claimed.Select(static task =>
                new TaskChange(task.Task.Id,
                    new TaskCommand.Fail(task.Task.Lease!.Token, new string('e', Limits.ErrorCharsMax), MayRetry: false,
                        0)))]);

        var listed = new List<TaskId>();
        var pages = new List<int>();
        TaskId? after = null;
        do
        {
            var page = await Store.ListAsync(new(TaskState.Dead, NewestFirst: newestFirst), after, Limits.ListPageMax);
            pages.Add(page.Tasks.Count);
            listed.AddRange(page.Tasks.Select(static task => task.Id));
            after = page.Next;
        }
        while (after is not null);
        Assert.Equal([perPage, perPage, 1], pages);
        Assert.Equal(newestFirst ? ids.Reverse() : ids, listed);
    }

    [Fact]
    public async Task List_OfAnEmptyStore_Ends()
    {
        var page = await Store.ListAsync(new(), null, 10);
        Assert.Empty(page.Tasks);
        Assert.Null(page.Next);
    }
}
