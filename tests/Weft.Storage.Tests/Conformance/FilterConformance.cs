using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Conformance;

/// <summary>Lists of what matches a filter, and how far a page looks for it.</summary>
public abstract class FilterConformance(IStoreHost host) : TaskStoreConformance(host)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EachMemberOfAFilter_LeavesOutWhatDoesntMatch(bool newestFirst)
    {
        var ids = await SubmitAllAsync(
            Plain with { Type = "a", Payload = Json("{\"name\":\"Ada\"}") }, Plain with { Type = "b", Priority = -3 },
            Plain with { Type = "a", Priority = 7, Payload = Json("\"Adam\"") }, Plain);
        var early = (await RecordAsync(ids[0])).SubmittedAt;
        await AdvanceAsync(TimeSpan.FromHours(1));
        var late = await SubmitAsync(Plain with { Payload = new(Bytes("no JSON: Ada"), IsJson: false) });
        Assert.Equal([ids[2]], await ClaimIdsAsync(1));
        await FailAsync(await ClaimOneAsync(), mayRetry: false);
        var died = (await RecordAsync(ids[0])).FinishedAt!.Value;

        await AssertListAsync(new() { Type = "a" }, ids[0], ids[2]);
        await AssertListAsync(new() { WorkerId = "worker" }, ids[0], ids[2]);
        await AssertListAsync(new() { WorkerId = "work" });
        await AssertListAsync(new() { Priority = -3 }, ids[1]);
        await AssertListAsync(new() { Priority = 0 }, ids[0], ids[3], late);
        await AssertListAsync(new() { SubmittedAfter = early + TimeSpan.FromMinutes(30) }, late);
        await AssertListAsync(new() { SubmittedAfter = early, SubmittedBefore = early + TimeSpan.FromMinutes(30) },
            [.. ids]);
        await AssertListAsync(new() { FinishedAfter = died }, ids[0]);
        await AssertListAsync(new() { FinishedBefore = died });
        await AssertListAsync(new() { FinishedBefore = died + TimeSpan.FromMilliseconds(1) }, ids[0]);
        await AssertListAsync(new() { ErrorText = "rok" }, ids[0]);
        await AssertListAsync(new() { ErrorText = "Rok" });
        await AssertListAsync(new() { PayloadText = "Ada" }, ids[0], ids[2], late);
        await AssertListAsync(new() { PayloadText = "\"Ada\"" }, ids[0]);
        await AssertListAsync(new(TaskState.Dead) { PayloadText = "Ada", Type = "a" }, ids[0]);
        await AssertListAsync(new(TaskState.Dead), ids[0]);
        await AssertListAsync(new(TaskState.Cancelled));

        async Task AssertListAsync(TaskFilter filter, params TaskId[] expected)
        {
            var listed = await ListAllAsync(filter with { NewestFirst = newestFirst });
            Assert.Equal(expected, newestFirst ? listed.Reverse<TaskId>() : listed);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Search_OfAGroup_AndOfWhatAnOwnerHas_StaysThere(bool newestFirst)
    {
        var group = await CreateGroupAsync(null);
        await SubmitAsync();
        var owned = (await Store.SubmitAsync(new([Plain with { Group = group }, Plain], Owner: new TokenId(7)))).Ids;
        var member = await SubmitAsync(Plain with { Group = group });
        var search = new TaskFilter(NewestFirst: newestFirst) { PayloadText = "{" };
        Assert.Equal([owned[0], member],
            (await ListAllAsync(search with { Group = group }))
                .Order(Comparer<TaskId>.Create(static (a, b) => a.Value.CompareTo(b.Value))));
        Assert.Equal(newestFirst ? owned.Reverse() : owned, await ListAllAsync(search with { Owner = new TokenId(7) }));
        Assert.Equal([owned[0]], await ListAllAsync(search with { Owner = new TokenId(7), Group = group }));
    }

    [Fact]
    public async Task DeadAndCancelledTasks_AreFoundWithoutALookAtOthers()
    {
        var ids = await SubmitAllAsync([.. Enumerable.Repeat(Plain, 30)]);
        await FailAsync(await ClaimOneAsync(), mayRetry: false);
        foreach (var i in (int[])[10, 20]) await AcceptAsync(ids[i], TaskCommand.Cancel.Instance);
        var dead = await Store.ListAsync(new(TaskState.Dead), null, 10);
        Assert.Equal((1, 1, null), (dead.Tasks.Count, dead.Scanned, dead.Next));
        Assert.Equal(2, (await Store.ListAsync(new(TaskState.Cancelled, NewestFirst: true), null, 10)).Scanned);
        Assert.Equal(30, (await Store.ListAsync(new(TaskState.Ready) { Type = "none" }, null, 10)).Scanned);
        Assert.Equal(10, (await Store.ListAsync(new(), null, 10)).Scanned);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Search_EndsAPageByTheBytesItLookedAt_AndGoesOnAfterThem(bool newestFirst)
    {
        var large = Json($"\"{new string('x', Limits.ListSearchBytesMax / 2)}\"");
        var ids =
            await SubmitAllAsync([.. Enumerable.Repeat(Plain with { Payload = large }, 5),
                Plain with { Payload = Json("\"found\"") }]);
        if (newestFirst) ids = [.. ids.Reverse()];
        var search = new TaskFilter(NewestFirst: newestFirst) { PayloadText = "found" };
        var (scanned, found) = (new List<int>(), new List<TaskId>());
        TaskId? after = null;
        do
        {
            var page = await Store.ListAsync(search, after, 10);
            scanned.Add(page.Scanned);
            found.AddRange(page.Tasks.Select(static task => task.Id));
            after = page.Next;
            if (after is not null) Assert.Equal(ids[scanned.Sum() - 1], after);
        }
        while (after is not null);
        Assert.Equal(newestFirst ? [3, 2, 1] : [2, 2, 2], scanned);
        Assert.Equal([newestFirst ? ids[0] : ids[5]], found);
    }

    [Fact]
    public async Task Search_ForSomebodyWhoHasGone_Ends_AndTheNextGoesOn()
    {
        await SubmitAllAsync([Plain]);
        var search = new TaskFilter { PayloadText = "1" };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Store.ListAsync(search, null, 10, new(canceled: true)));
        Assert.Equal(1, (await Store.ListAsync(search, null, 10)).Scanned);
    }

    [Fact]
    public async Task Search_LooksAtSoManyTasksAtOnce()
    {
        for (var left = Limits.ListSearchMax + 1; left > 0; left -= Limits.SubmitBatchMax)
        {
            await SubmitAllAsync([.. Enumerable.Repeat(Plain, Math.Min(left, Limits.SubmitBatchMax))]);
        }

        var page = await Store.ListAsync(new() { PayloadText = "nowhere" }, null, 10);
        Assert.Equal((0, Limits.ListSearchMax), (page.Tasks.Count, page.Scanned));
        var rest = await Store.ListAsync(new() { PayloadText = "nowhere" }, page.Next, 10);
        Assert.Equal((1, null), (rest.Scanned, rest.Next));
    }
}
