using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Conformance;

public abstract class GroupsConformance(IStoreHost host) : TaskStoreConformance(host)
{
    [Fact]
    public async Task CreateGroup_GivesAscendingIdsAndKeepsTheName()
    {
        var first = await CreateGroupAsync("naïve run");
        await ReopenAsync();
        var second = await CreateGroupAsync(null);
        Assert.Equal((new GroupId(1), new GroupId(2)), (first, second));
        Assert.Equal("naïve run", (await Store.FindGroupAsync(first))!.Name);
        Assert.Null((await Store.FindGroupAsync(second))!.Name);
        Assert.Null(await Store.FindGroupAsync(new(3)));
    }

    [Fact]
    public async Task Group_CountsItsTasksByState()
    {
        var group = await CreateGroupAsync(null);
        await SubmitAllAsync(In(group), In(group), In(group), In(group) with { Delay = TimeSpan.FromHours(1) }, Plain);
        await CompleteAsync(await ClaimOneAsync());
        await ClaimOneAsync();
        var expected = new StateCounts { Scheduled = 1, Ready = 1, Leased = 1, Completed = 1 };
        Assert.Equal(expected, (await Store.FindGroupAsync(group))!.Counts);
        await ReopenAsync();
        Assert.Equal(expected, (await Store.FindGroupAsync(group))!.Counts);
    }

    [Fact]
    public async Task SealedGroup_TakesNoMoreTasks_AndStaysSealed()
    {
        var (group, other) = (await CreateGroupAsync(null), await CreateGroupAsync(null));
        var keyed = new Submission([In(group)], new("k", new byte[] { 1 }));
        var stored = await Store.SubmitAsync(keyed);
        Assert.Null((await Store.FindGroupAsync(group))!.SealedAt);
        Assert.True(await Store.SealGroupAsync(group));
        var sealedAt = (await Store.FindGroupAsync(group))!.SealedAt;
        Assert.NotNull(sealedAt);
        await AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.True(await Store.SealGroupAsync(group));
        await ReopenAsync();

        Assert.Equal(sealedAt, (await Store.FindGroupAsync(group))!.SealedAt);
        Assert.Equal([null, sealedAt],
            (await Store.ListGroupsAsync(null, null, 10)).Groups.Select(static each => each.SealedAt));
        Assert.Equal(SubmitStatus.GroupSealed, (await Store.SubmitAsync(new([In(other), In(group)]))).Status);
        Assert.Equal((1, 0),
            ((await Store.FindGroupAsync(group))!.Counts.Total, (await Store.FindGroupAsync(other))!.Counts.Total));
        // What was stored before is answered as it was, and goes on.
        Assert.Equal((SubmitStatus.Repeated, stored.Ids[0]),
            await Store.SubmitAsync(keyed) is var again ? (again.Status, again.Ids[0]) : default);
        await CompleteAsync(await ClaimOneAsync());
        Assert.False(await Store.SealGroupAsync(new(99)));
    }

    [Fact]
    public async Task Seal_WhileOthersSubmit_LetsNobodyInAfterIt()
    {
        var group = await CreateGroupAsync(null);
        await SubmitAsync(In(group));
        var submitting = Enumerable.Range(0, 8).Select(_ => SubmitManyAsync()).ToArray();
        Assert.True(await Store.SealGroupAsync(group));
        var total = (await Store.FindGroupAsync(group))!.Counts.Total;
        Assert.Equal(total, 1 + (await Task.WhenAll(submitting)).Sum());
        Assert.Equal(total, (await Store.FindGroupAsync(group))!.Counts.Total);

        async Task<int> SubmitManyAsync()
        {
            var stored = 0;
            for (var i = 0; i < 50; i++)
            {
                if ((await Store.SubmitAsync(new([In(group)]))).Status == SubmitStatus.Stored) stored++;
            }

            return stored;
        }
    }

    [Fact]
    public async Task ListResults_AsFinished_ComesInTheOrderOfFinishing()
    {
        var (group, ids) = await SubmitGroupAsync(4);
        foreach (var i in (int[])[2, 0, 3]) await AcceptAsync(ids[i], new TaskCommand.Complete(null, Bytes($"{i}")));
        await ReopenAsync();
        var page = await Store.ListResultsAsync(group, ResultOrder.Finished, 0, 10);
        Assert.Equal([ids[2], ids[0], ids[3]], page.Results.Select(static result => result.Id));
        Assert.Equal(["2", "0", "3"],
            page.Results.Select(static result => System.Text.Encoding.UTF8.GetString(result.Result!.Value.Span)));
        Assert.False(page.AllDelivered);

        await AcceptAsync(ids[1], TaskCommand.Cancel.Instance);
        var rest = await Store.ListResultsAsync(group, ResultOrder.Finished, page.Results[^1].Cursor, 10);
        var last = Assert.Single(rest.Results);
        Assert.Equal((ids[1], TaskState.Cancelled), (last.Id, last.State));
        Assert.Null(last.Result);
        Assert.True(rest.AllDelivered);
    }

    [Fact]
    public async Task ListResults_AsSubmitted_WaitsForTheOldestUnfinished()
    {
        var (group, ids) = await SubmitGroupAsync(4);
        foreach (var i in (int[])[2, 0]) await AcceptAsync(ids[i], new TaskCommand.Complete(null, Bytes("1")));
        var page = await Store.ListResultsAsync(group, ResultOrder.Submitted, 0, 10);
        Assert.Equal([ids[0]], page.Results.Select(static result => result.Id));
        Assert.False(page.AllDelivered);

        foreach (var i in (int[])[3, 1]) await AcceptAsync(ids[i], new TaskCommand.Complete(null, Bytes("1")));
        var rest = await Store.ListResultsAsync(group, ResultOrder.Submitted, page.Results[^1].Cursor, 10);
        Assert.Equal([ids[1], ids[2], ids[3]], rest.Results.Select(static result => result.Id));
        Assert.True(rest.AllDelivered);
    }

    [Theory]
    [InlineData(ResultOrder.Finished)]
    [InlineData(ResultOrder.Submitted)]
    public async Task ListResults_PageByPage_GivesEachTaskOnce(ResultOrder order)
    {
        var (group, ids) = await SubmitGroupAsync(7);
        foreach (var id in ids.Reverse()) await AcceptAsync(id, new TaskCommand.Complete(null, Bytes("1")));
        var seen = new List<TaskId>();
        GroupResultsPage page;
        long after = 0;
        do
        {
            page = await Store.ListResultsAsync(group, order, after, 3);
            seen.AddRange(page.Results.Select(static result => result.Id));
            if (page.Results.Count > 0) after = page.Results[^1].Cursor;
        }
        while (!page.AllDelivered && seen.Count <= ids.Count);
        Assert.Equal(order == ResultOrder.Submitted ? ids : ids.Reverse(), seen);
    }

    [Fact]
    public async Task ListResults_OfADeadTaskThatWasRetried_ComesAgainWhenItFinishes()
    {
        var (group, ids) = await SubmitGroupAsync(1);
        await FailAsync(await ClaimOneAsync(), mayRetry: false);
        var dead = Assert.Single((await Store.ListResultsAsync(group, ResultOrder.Finished, 0, 10)).Results);
        Assert.Equal((TaskState.Dead, "broken"), (dead.State, dead.Error));

        await AcceptAsync(ids[0], TaskCommand.Retry.Instance);
        Assert.False((await Store.ListResultsAsync(group, ResultOrder.Finished, dead.Cursor, 10)).AllDelivered);
        await CompleteAsync(await ClaimOneAsync());
        var completed =
            Assert.Single((await Store.ListResultsAsync(group, ResultOrder.Finished, dead.Cursor, 10)).Results);
        Assert.Equal(TaskState.Completed, completed.State);
    }

    [Fact]
    public async Task ListResults_OfAnEmptyGroup_IsAllDelivered()
    {
        var group = await CreateGroupAsync(null);
        var page = await Store.ListResultsAsync(group, ResultOrder.Finished, 0, 10);
        Assert.Empty(page.Results);
        Assert.True(page.AllDelivered);
    }

    [Fact]
    public async Task ListGroups_NewestFirst_PageByPage_WithTheirCounts()
    {
        var groups = new List<GroupId>();
        for (var i = 0; i < 5; i++) groups.Add(await CreateGroupAsync($"run {i}"));
        await SubmitAllAsync(In(groups[4]), In(groups[4]), In(groups[0]));
        var first = await Store.ListGroupsAsync(null, null, 2);
        Assert.Equal([groups[4], groups[3]], first.Groups.Select(static group => group.Id));
        Assert.Equal(("run 4", new StateCounts { Ready = 2 }), (first.Groups[0].Name, first.Groups[0].Counts));
        var second = await Store.ListGroupsAsync(null, first.Next, 2);
        Assert.Equal([groups[2], groups[1]], second.Groups.Select(static group => group.Id));
        var last = await Store.ListGroupsAsync(null, second.Next, 2);
        Assert.Equal((groups[0], new StateCounts { Ready = 1 }, null),
            (Assert.Single(last.Groups).Id, last.Groups[0].Counts, last.Next));
    }

    [Fact]
    public async Task ListGroups_OfAnOwner_HasThatOwnersAlone()
    {
        var (ada, ben) = (new TokenId(7), new TokenId(8));
        var hers = await CreateGroupAsync("hers", ada);
        await CreateGroupAsync("his", ben);
        await CreateGroupAsync("nobody's");
        var newest = await CreateGroupAsync("hers, too", ada);
        Assert.Equal([newest, hers],
            (await Store.ListGroupsAsync(ada, null, 10)).Groups.Select(static group => group.Id));
        var page = await Store.ListGroupsAsync(ada, null, 1);
        Assert.Equal([hers], (await Store.ListGroupsAsync(ada, page.Next, 1)).Groups.Select(static group => group.Id));
        Assert.Equal(4, (await Store.ListGroupsAsync(null, null, 10)).Groups.Count);
    }

    private static NewTask In(GroupId group) => Plain with { Group = group };

    private async Task<(GroupId Group, IReadOnlyList<TaskId> Ids)> SubmitGroupAsync(int count)
    {
        var group = await CreateGroupAsync(null);
        return (group, await SubmitAllAsync([.. Enumerable.Repeat(In(group), count)]));
    }
}
