using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Conformance;

public abstract class OwnersConformance(IStoreHost host) : TaskStoreConformance(host)
{
    private static readonly TokenId Ada = new(7);
    private static readonly TokenId Ben = new(8);

    [Fact]
    public async Task Find_KnowsTheOwner_WhereItIsAskedFor()
    {
        var (mine, nobodys) = (await SubmitAsync(Ada), await SubmitAsync());
        await ReopenAsync();
        Assert.Equal(Ada, (await FindAsync(mine, TaskParts.Owner)).Owner);
        Assert.Null((await FindAsync(nobodys, TaskParts.Owner)).Owner);
        Assert.Null((await FindAsync(mine, TaskParts.Record)).Owner);
    }

    [Fact]
    public async Task List_OfAnOwner_HasTheirsAlone_InBothOrders()
    {
        var first = await SubmitAsync(Ada);
        await SubmitAsync(Ben);
        await SubmitAsync();
        var second = await SubmitAsync(Ada, Plain with { Queue = "other" });
        var third = await SubmitAsync(Ada);
        Assert.Equal([first, second, third], await ListAsync(new(Owner: Ada)));
        Assert.Equal([third, second, first], await ListAsync(new(Owner: Ada, NewestFirst: true)));
        Assert.Equal([second], await ListAsync(new(Owner: Ada, Queue: "other")));
        Assert.Empty(await ListAsync(new(Owner: new(9))));
    }

    [Fact]
    public async Task List_OfAnOwner_GoesOnAfterACursor()
    {
        var first = await SubmitAsync(Ada);
        await SubmitAsync(Ben);
        var second = await SubmitAsync(Ada);
        var page = await Store.ListAsync(new(Owner: Ada), null, 1);
        Assert.Equal([first], page.Tasks.Select(static task => task.Id));
        Assert.Equal([second],
            (await Store.ListAsync(new(Owner: Ada), page.Next, 1)).Tasks.Select(static task => task.Id));
        Assert.Equal([first],
            (await Store.ListAsync(new(Owner: Ada, NewestFirst: true), second, 1))
                .Tasks.Select(static task => task.Id));
    }

    [Fact]
    public async Task List_OfAnOwnerAndAGroup_HasWhatIsBoth()
    {
        var group = await CreateGroupAsync(null, Ada);
        var both = await SubmitAsync(Ada, Plain with { Group = group });
        await SubmitAsync(Ben, Plain with { Group = group });
        await SubmitAsync(Ada);
        Assert.Equal([both], await ListAsync(new(Owner: Ada, Group: group)));
    }

    [Fact]
    public async Task Group_KnowsItsOwner()
    {
        var (hers, nobodys) = (await CreateGroupAsync("g", Ada), await CreateGroupAsync("g"));
        await ReopenAsync();
        Assert.Equal(Ada, (await Store.FindGroupAsync(hers))!.Owner);
        Assert.Null((await Store.FindGroupAsync(nobodys))!.Owner);
    }

    [Fact]
    public async Task Submit_WithTheSameKeyOfAnotherOwner_IsAnotherSubmission()
    {
        Task<SubmitOutcome> SubmitKeyedAsync(TokenId? owner) =>
            Store.SubmitAsync(new([Plain], IdempotencyKey.Of(owner, "key", Bytes("a")), owner));
        var outcomes = new[] { await SubmitKeyedAsync(Ada), await SubmitKeyedAsync(Ben), await SubmitKeyedAsync(null) };
        Assert.All(outcomes, static outcome => Assert.Equal(SubmitStatus.Stored, outcome.Status));
        Assert.Equal(outcomes[0].Ids, (await SubmitKeyedAsync(Ada)).Ids);
    }

    [Fact]
    public async Task Retention_ForgetsTheOwner_WithTheTask()
    {
        var id = await SubmitAsync(Ada);
        await AcceptAsync(id, TaskCommand.Cancel.Instance);
        await AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await Store.DeleteFinishedAsync(TimeSpan.FromMinutes(1), 10));
        Assert.Empty(await ListAsync(new(Owner: Ada)));
        Assert.Null(await Store.FindAsync(id, TaskParts.Owner));
    }

    [Fact]
    public async Task Apply_BoundToOtherQueues_FindsNoTask_AndChangesNothing()
    {
        var id = await SubmitAsync(Plain with { Queue = "theirs" });
        var cancel = new TaskChange(id, TaskCommand.Cancel.Instance);
        Assert.Equal([Refusal.NotFound], await Store.ApplyAsync([cancel with { Queues = ["ours", "Theirs"] }]));
        Assert.Equal(TaskState.Ready, await StateAsync(id));
        Assert.Equal([Refusal.None], await Store.ApplyAsync([cancel with { Queues = ["ours", "theirs"] }]));
        Assert.Equal(TaskState.Cancelled, await StateAsync(id));
    }

    private async Task<TaskId> SubmitAsync(TokenId owner, NewTask? task = null) =>
        Assert.Single((await Store.SubmitAsync(new([task ?? Plain], Owner: owner))).Ids);

    private async Task<TaskId[]> ListAsync(TaskFilter filter) =>
        [.. (await Store.ListAsync(filter, null, 100)).Tasks.Select(static task => task.Id)];
}
