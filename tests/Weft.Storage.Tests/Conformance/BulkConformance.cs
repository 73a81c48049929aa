using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Metrics;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Conformance;

/// <summary>Operations on many tasks: whom they hit, and how often.</summary>
public abstract class BulkConformance(IStoreHost host) : TaskStoreConformance(host)
{
    private const string Here = "here";
    private const string Elsewhere = "elsewhere";

    private static readonly TokenId Ada = new(7);

    private readonly IStoreHost _host = host;

    private IBulkStore Bulk => ((TaskStore)Store).Bulk;

    [Fact]
    public async Task Retry_TakesTheDeadTasksThatMatch_AndSaysWhatItDid()
    {
        var dead = await DieAsync(3);
        var elsewhere = await DieAsync(2, Plain with { Queue = "elsewhere" });
        var waiting = await SubmitAsync();
        var done = await RunAsync(await StartAsync(BulkAction.Retry, new(Queue: Limits.QueueDefault)));
        Assert.Equal((BulkState.Finished, 3L, 3L, 0L), Told(done));
        Assert.NotNull(done.FinishedAt);
        foreach (var id in dead.Append(waiting)) Assert.Equal(TaskState.Ready, await StateAsync(id));
        foreach (var id in elsewhere) Assert.Equal(TaskState.Dead, await StateAsync(id));
        Assert.Equal(new StateCounts { Ready = 4 }, await CountsAsync());
        Assert.Null(await Bulk.FindRunningAsync());
    }

    [Fact]
    public async Task Advance_ReopenedAfterEachStep_MeetsEachTaskOnce()
    {
        var dead = await DieAsync(2 * Limits.BulkStepMax + 7);
        var operation = await StartAsync(BulkAction.Retry, new());
        for (var now = operation; now.State == BulkState.Running;)
        {
            await ReopenAsync();
            var before = (await Bulk.FindRunningAsync())!;
            Assert.Equal(now.Cursor, before.Cursor);
            now = (await Bulk.AdvanceAsync(before, Here))!;
            // A step that was read before, and comes late.
            Assert.Null(await Bulk.AdvanceAsync(before, Here));
            // Those that die again in the meantime are behind the cursor.
            if (now.State == BulkState.Running) await FailAsync(await ClaimOneAsync(), mayRetry: false);
        }

        var done = (await Bulk.FindAsync(operation.Id))!;
        Assert.Equal((BulkState.Finished, dead.Length, dead.Length, 0L), Told(done));
        var counts = await CountsAsync();
        Assert.Equal((2L, dead.Length - 2L), (counts.Dead, counts.Ready));
        Assert.Equal(dead.Length, Retried());
    }

    [Fact]
    public async Task Advance_LeavesTasksThatCameLater()
    {
        await DieAsync(1);
        var operation = await StartAsync(BulkAction.Retry, new());
        var later = await DieAsync(1);
        Assert.Equal((BulkState.Finished, 1L, 1L, 0L), Told(await RunAsync(operation)));
        Assert.Equal(TaskState.Dead, await StateAsync(later[0]));
        var named = await RunAsync(await StartOnAsync(BulkAction.Retry, new(null, [later[0], new(1_000_000)])));
        Assert.Equal((BulkState.Finished, 1L, 1L, 0L), Told(named));
        Assert.Equal(2, named.Counts.Looked);
    }

    [Fact]
    public async Task Ids_MoreThanAStepTakes_AreAllMetOnce()
    {
        var dead = await DieAsync(Limits.BulkStepMax + 3);
        var done = await RunAsync(await StartOnAsync(BulkAction.Retry, new(null, dead)));
        Assert.Equal((BulkState.Finished, dead.Length, dead.Length, 0L), Told(done));
        Assert.Equal(dead.Length, done.IdCount);
    }

    [Fact]
    public async Task Cancel_WithoutAState_TakesUnfinishedTasksAlone()
    {
        await DieAsync(1);
        var (ready, scheduled) = (await SubmitAsync(), await SubmitAsync(Plain with { Delay = TimeSpan.FromHours(1) }));
        var leased = (await ClaimOneAsync()).Task.Id;
        Assert.Equal(ready, leased);
        var done = await RunAsync(await StartAsync(BulkAction.Cancel, new()));
        Assert.Equal((BulkState.Finished, 2L, 2L, 0L), Told(done));
        Assert.Equal((TaskState.Cancelled, TaskState.Cancelled),
            (await StateAsync(leased), await StateAsync(scheduled)));
    }

    [Fact]
    public async Task WhatItsStateForbids_IsRefusedAndCounted()
    {
        var dead = await DieAsync(1);
        var waiting = await SubmitAsync();
        TaskId[] both = [dead[0], waiting];
        Assert.Equal((BulkState.Finished, 2L, 1L, 1L),
            Told(await RunAsync(await StartOnAsync(BulkAction.Retry, new(null, both)))));
        Assert.Equal((BulkState.Finished, 2L, 0L, 2L),
            Told(await RunAsync(await StartOnAsync(BulkAction.Delete, new(null, both)))));
        Assert.Equal(
            (BulkState.Finished, 2L, 0L, 2L),
            Told(await RunAsync(await StartAsync(BulkAction.Delete, new(State: TaskState.Ready)))));
        Assert.Equal((BulkState.Finished, 2L, 2L, 0L),
            Told(await RunAsync(await StartOnAsync(BulkAction.Cancel, new(null, both)))));
        Assert.Equal((BulkState.Finished, 2L, 0L, 2L),
            Told(await RunAsync(await StartOnAsync(BulkAction.Cancel, new(null, both)))));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Delete_OfLargeTasks_TakesFewInOneStep(bool byIds)
    {
        var ids = await SubmitAllAsync(Large, Plain, Large, Large, Plain);
        foreach (var id in ids) await AcceptAsync(id, TaskCommand.Cancel.Instance);
        var operation = byIds
            ? await StartOnAsync(BulkAction.Delete, new(null, ids))
            : await StartAsync(BulkAction.Delete, new(State: TaskState.Cancelled));
        var first = (await Bulk.AdvanceAsync(operation, Here))!;
        Assert.Equal((BulkState.Running, 3L, ids[2]), (first.State, first.Counts.Changed, first.Cursor));
        Assert.Equal((BulkState.Finished, 5L, 5L, 0L), Told(await RunAsync(first)));
        Assert.Equal(default, await CountsAsync());
    }

    [Fact]
    public async Task Delete_TakesAllThatBelongsToATaskWithIt()
    {
        var group = await CreateGroupAsync("run");
        var key = new IdempotencyKey("once", Bytes("print"));
        var submission = new Submission([Plain with { Group = group }, Plain with { Group = group }], key);
        var ids = (await Store.SubmitAsync(submission)).Ids;
        await CompleteAsync(await ClaimOneAsync());
        await FailAsync(await ClaimOneAsync(), mayRetry: false);
        Assert.Equal((BulkState.Finished, 2L, 2L, 0L),
            Told(await RunAsync(await StartAsync(BulkAction.Delete, new(Group: group)))));
        await ReopenAsync();
        foreach (var id in ids) Assert.Null(await Store.FindAsync(id, TaskParts.Payload | TaskParts.Result));
        Assert.Equal(default, (await Store.FindGroupAsync(group))!.Counts);
        Assert.Equal(default, await CountsAsync());
        Assert.Equal(SubmitStatus.Stored, (await Store.SubmitAsync(submission)).Status);
    }

    [Fact]
    public async Task Priority_ChangesWhatIsClaimedNext_AndStays()
    {
        var (first, second) = (await SubmitAsync(), await SubmitAsync(Plain with { Type = "urgent" }));
        await RunAsync(await StartAsync(BulkAction.Priority, new() { Type = "urgent" }, priority: 50));
        Assert.Equal(50, (await RecordAsync(second)).Priority);
        await ReopenAsync();
        var claimed = await ClaimOneAsync();
        Assert.Equal(second, claimed.Task.Id);
        // A leased one too: it counts if it comes back.
        await RunAsync(await StartAsync(BulkAction.Priority, new() { Type = "urgent" }, priority: -50));
        await AcceptAsync(second, new TaskCommand.Release(claimed.Task.Lease!.Token));
        Assert.Equal(first, (await ClaimOneAsync()).Task.Id);
        await CompleteAsync(await ClaimOneAsync());
        Assert.Equal((-50, TaskState.Completed), ((await RecordAsync(second)).Priority, await StateAsync(second)));
    }

    [Fact]
    public async Task AnOwner_GetsAtItsOwnTasksAlone()
    {
        var (mine, other) = (await SubmitAsync(Ada), await SubmitAsync());
        foreach (var selection in (BulkSelection[])[new(new(), null), new(null, [mine, other])])
        {
            Assert.Equal(1, (await Bulk.CountAsync(new(BulkAction.Cancel, selection, null, Ada, default))).Count);
            await RunAsync((await Bulk.StartAsync(new(BulkAction.Cancel, selection, null, Ada, default))).Operation!);
        }

        Assert.Equal((TaskState.Cancelled, TaskState.Ready), (await StateAsync(mine), await StateAsync(other)));
    }

    [Fact]
    public async Task Retry_IsRefused_WhereTheTasksOwnerHasNoRoom()
    {
        var admin = await AddTokenAsync();
        var id = await SubmitAsync(Ada);
        await FailAsync(await ClaimOneAsync(), mayRetry: false);
        for (var i = 0; i < IStoreHost.OwnerMax.Tasks; i++) await SubmitAsync(Ada, "1");
        var order = new BulkOrder(BulkAction.Retry, new(new(), null), null, null, new(admin, "admin"));
        Assert.Equal((BulkState.Finished, 1L, 0L, 1L), Told(await RunAsync((await Bulk.StartAsync(order)).Operation!)));
        Assert.Equal(TaskState.Dead, await StateAsync(id));
    }

    [Fact]
    public async Task ATokenThatIsRevoked_EndsItsOperations_BeforeTheNextStep()
    {
        var token = await AddTokenAsync();
        var dead = await DieAsync(Limits.BulkStepMax + 1);
        var order = new BulkOrder(BulkAction.Retry, new(new(), null), null, null, new(token, "gone"));
        var operation = (await Bulk.AdvanceAsync((await Bulk.StartAsync(order)).Operation!, Here))!;
        Assert.Equal(BulkState.Running, operation.State);
        await ((TaskStore)Store).Tokens.RemoveAsync(token);
        Assert.Equal((BulkState.Stopped, Limits.BulkStepMax, Limits.BulkStepMax, 0L), Told(await RunAsync(operation)));
        var stored = (await Bulk.FindAsync(operation.Id))!;
        Assert.Equal(("token_ended", "gone"), (stored.Reason, stored.Order.Actor.Name));
        Assert.NotNull(stored.FinishedAt);
        Assert.Equal(TaskState.Dead, await StateAsync(dead[^1]));
    }

    [Fact]
    public async Task ALongOperation_LetsTheNextHaveItsTurn_AndEachIsLeftToItsCoordinator()
    {
        var dead = await DieAsync(2 * Limits.BulkStepMax + 1);
        var longer = (await Bulk.AdvanceAsync(await StartAsync(BulkAction.Retry, new()), Here))!;
        var until = longer.Runner.Until!.Value;
        var next = await StartOnAsync(BulkAction.Retry, new(null, [dead[^1]]));
        var early = until - TimeSpan.FromMilliseconds(1);
        Assert.Equal(next.Id, (await Bulk.FindRunningAsync(Here, early))!.Id);
        Assert.Equal(BulkState.Finished, (await Bulk.AdvanceAsync(next, Elsewhere))!.State);
        Assert.Equal(longer.Id, (await Bulk.FindRunningAsync(Here, early))!.Id);
        Assert.Null(await Bulk.FindRunningAsync(Elsewhere, early));
        Assert.Equal(longer.Id, (await Bulk.FindRunningAsync(Elsewhere, until))!.Id);
    }

    [Fact]
    public async Task Stop_EndsItWhereItIs_Once()
    {
        await DieAsync(Limits.BulkStepMax + 1);
        var operation = (await Bulk.AdvanceAsync(await StartAsync(BulkAction.Retry, new()), Here))!;
        Assert.True(await Bulk.StopAsync(operation.Id, "stopped"));
        Assert.False(await Bulk.StopAsync(operation.Id, "again"));
        Assert.False(await Bulk.StopAsync(new(1_000), "none"));
        Assert.Null(await Bulk.AdvanceAsync(operation, Here));
        var stored = (await Bulk.FindAsync(operation.Id))!;
        Assert.Equal((BulkState.Stopped, "stopped", 1L), (stored.State, stored.Reason, (await CountsAsync()).Dead));
        Assert.Null(await Bulk.FindRunningAsync());
    }

    [Fact]
    public async Task OneCoordinatorAtATime_RunsAnOperation_UntilItIsGone()
    {
        await DieAsync(2 * Limits.BulkStepMax + 1);
        var operation = (await Bulk.AdvanceAsync(await StartAsync(BulkAction.Retry, new()), Here))!;
        Assert.Null(await Bulk.AdvanceAsync(operation, Elsewhere));
        operation = (await Bulk.AdvanceAsync(operation, Here))!;
        await AdvanceAsync(Limits.BulkRunnerTime);
        Assert.Equal(BulkState.Finished, (await Bulk.AdvanceAsync(operation, Elsewhere))!.State);
        Assert.Equal(0, (await CountsAsync()).Dead);
    }

    [Fact]
    public async Task Start_IsBounded_ForOneTokenAndForAll()
    {
        var order = new BulkOrder(BulkAction.Retry, new(new(), null), null, null, new(Ada, null));
        for (var i = 0; i < Limits.BulkOperationsOfTokenMax; i++)
            Assert.NotNull((await Bulk.StartAsync(order)).Operation);
        Assert.Equal(BulkStartStatus.TooMany, (await Bulk.StartAsync(order)).Status);
        for (var i = Limits.BulkOperationsOfTokenMax; i < Limits.BulkOperationsMax; i++)
            await StartAsync(BulkAction.Retry, new());
        // The last places are for those who may change everybody's tasks.
        var submitter = order with { Owner = new(99), Actor = new(new(99), null) };
        Assert.Equal(BulkStartStatus.TooMany, (await Bulk.StartAsync(submitter)).Status);
        for (var i = 0; i < Limits.BulkOperationsOfTokenMax; i++) await StartAsync(BulkAction.Retry, new());
        var open = order with { Actor = default };
        Assert.Equal(BulkStartStatus.TooMany, (await Bulk.StartAsync(open)).Status);
        await Bulk.StopAsync(new(1), "room");
        Assert.Equal(BulkStartStatus.Started, (await Bulk.StartAsync(open)).Status);
    }

    [Fact]
    public async Task List_HasTheNewestFirst_AndThoseOfAToken()
    {
        var order = new BulkOrder(BulkAction.Retry, new(null, [new(1), new(2)]), null, null, new(Ada, "ada"));
        BulkOperation[] all =
            [(await Bulk.StartAsync(order)).Operation!, await StartAsync(BulkAction.Cancel, new()),
                (await Bulk.StartAsync(order)).Operation!];
        var first = await Bulk.ListAsync(null, null, 2);
        Assert.Equal([all[2].Id, all[1].Id], first.Operations.Select(static operation => operation.Id));
        var last = await Bulk.ListAsync(null, first.Next, 2);
        Assert.Equal([all[0].Id], last.Operations.Select(static operation => operation.Id));
        Assert.Null(last.Next);
        Assert.Equal((2, "ada"), (last.Operations[0].IdCount, last.Operations[0].Order.Actor.Name));
        var ones = await Bulk.ListAsync(Ada, null, 10);
        Assert.Equal([all[2].Id, all[0].Id], ones.Operations.Select(static operation => operation.Id));
    }

    [Fact]
    public async Task DeleteOld_DeletesWhatWasOverLongAgo_AndGivesNoNumberTwice()
    {
        var age = TimeSpan.FromMinutes(10);
        var over = await RunAsync(await StartAsync(BulkAction.Retry, new()));
        var running = await StartAsync(BulkAction.Retry, new());
        Assert.Equal(0, await Bulk.DeleteOldAsync(age));
        await AdvanceAsync(age);
        Assert.Equal(1, await Bulk.DeleteOldAsync(age));
        Assert.Null(await Bulk.FindAsync(over.Id));
        await Bulk.StopAsync(running.Id, "x");
        await AdvanceAsync(age);
        Assert.Equal(1, await Bulk.DeleteOldAsync(age));
        await ReopenAsync();
        Assert.Equal(running.Id.Value + 1, (await StartAsync(BulkAction.Retry, new())).Id.Value);
    }

    [Fact]
    public async Task Count_LooksAtWhatTheActionIsFor_AndChangesNothing()
    {
        var dead = await DieAsync(3);
        await SubmitAsync();
        var order = new BulkOrder(BulkAction.Retry, new(new(), null), null, null, default);
        Assert.Equal(new BulkMatch(3, 3, IsExact: true), await Bulk.CountAsync(order));
        var named = new BulkSelection(null, [dead[0], new(1_000_000)]);
        Assert.Equal(new BulkMatch(1, 2, IsExact: true), await Bulk.CountAsync(order with { Selection = named }));
        Assert.Equal(1, (await Bulk.CountAsync(order with { Action = BulkAction.Priority })).Count);
        Assert.Equal(3, (await CountsAsync()).Dead);
    }

    [Fact]
    public async Task AnOperation_IsKeptWhole_ThroughARestart()
    {
        var time = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).AddTicks(1234567);
        var filter = new TaskFilter(TaskState.Dead, "q", new(3))
        {
            Type = "t\"", WorkerId = "w\u2028", Priority = -7, SubmittedAfter = time, SubmittedBefore = time.AddDays(1),
            FinishedAfter = time.AddDays(2), FinishedBefore = time.AddDays(3), ErrorText = "e\0", PayloadText = "p\n",
        };
        var order = new BulkOrder(BulkAction.Priority, new(filter, null), 9, Ada, new(Ada, "Ada's"));
        var operation = (await Bulk.StartAsync(order)).Operation!;
        await ReopenAsync();
        Assert.Equal(operation, await Bulk.FindAsync(operation.Id));
    }

    private static (BulkState State, long Matched, long Changed, long Refused) Told(BulkOperation operation) =>
        (operation.State, operation.Counts.Matched, operation.Counts.Changed, operation.Counts.Refused);

    private Task<BulkOperation> StartAsync(BulkAction action, TaskFilter filter, int? priority = null) =>
        StartOnAsync(action, new(filter, null), priority);

    private async Task<BulkOperation> StartOnAsync(BulkAction action, BulkSelection selection, int? priority = null) =>
        (await Bulk.StartAsync(new(action, selection, priority, null, default))).Operation!;

    private async Task<BulkOperation> RunAsync(BulkOperation operation)
    {
        while (operation.State == BulkState.Running) operation = (await Bulk.AdvanceAsync(operation, Here))!;
        return operation;
    }

    private async Task<TaskId[]> DieAsync(int count, NewTask? task = null)
    {
        var ids = await SubmitAllAsync([.. Enumerable.Repeat(task ?? Plain, count)]);
        var claimed = await Store.ClaimAsync(
            new() { WorkerId = "worker", Max = count, Queues = [(task ?? Plain).Queue] });
        await Store.ApplyAsync([.. claimed.Select(static each => new TaskChange(
            each.Task.Id, new TaskCommand.Fail(each.Task.Lease!.Token, "broken", MayRetry: false, Jitter: 0)))]);
        return [.. ids];
    }

    private async Task<TaskId> SubmitAsync(TokenId owner, string payload = "{}") =>
        (await Store.SubmitAsync(new([new() { Payload = Json(payload) }]) { Owner = owner })).Ids[0];

    private async Task<TokenId> AddTokenAsync() =>
        (await ((TaskStore)Store).Tokens.AddAsync(new(Scope.Admin, []), new byte[TokenText.HashBytes]))!.Id;

    private long Retried() => _host.Meter.Tasks.All.Sum(static tally => tally[TaskEvents.Retried]);
}
