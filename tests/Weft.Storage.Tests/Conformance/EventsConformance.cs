using Weft.Core;
using Weft.Core.Events;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Conformance;

/// <summary>What happens to tasks is told once it is committed, as one event each, with the task's own id.</summary>
public abstract class EventsConformance(IStoreHost host) : TaskStoreConformance(host)
{
    private readonly IStoreHost _host = host;

    [Fact]
    public async Task EachChangeOfATask_IsOneEvent()
    {
        using var stream = Follow();
        var group = await CreateGroupAsync("run");
        var id = await SubmitAsync(Plain with { Type = "t", Group = group, MaxAttempts = 2 });
        await AdvanceAsync(TimeSpan.FromSeconds(3));
        var claimed = await ClaimOneAsync();
        await AcceptAsync(id, new TaskCommand.Release(claimed.Task.Lease!.Token));
        claimed = await ClaimOneAsync();
        await AcceptAsync(id, new TaskCommand.Heartbeat(claimed.Task.Lease!.Token));
        await AdvanceAsync(TimeSpan.FromMinutes(2));
        await SweepAsync();
        claimed = await ClaimOneAsync();
        await AdvanceAsync(TimeSpan.FromSeconds(1));
        await FailAsync(claimed, mayRetry: false);
        await AcceptAsync(id, TaskCommand.Retry.Instance);
        await CompleteAsync(await ClaimOneAsync());

        var events = await ReadAsync(stream, 10);
        Assert.Equal(
            [
                EventType.TaskSubmitted, EventType.TaskClaimed, EventType.TaskReleased, EventType.TaskClaimed,
                EventType.TaskLapsed, EventType.TaskClaimed, EventType.TaskDead, EventType.TaskRetried,
                EventType.TaskClaimed, EventType.TaskCompleted,
            ],
            events.Select(static each => each.Type));
        Assert.All(events, each => Assert.Equal(
            (id, Limits.QueueDefault, "t", group), (each.Task, each.Queue, each.TaskType, each.Group)));
        Assert.Equal([0, 1, 1, 2, 2, 3, 3, 3, 4, 4], events.Select(static each => each.Attempt));
        Assert.Equal(TimeSpan.FromSeconds(3), events[1].Waited);
        Assert.Equal(TimeSpan.FromSeconds(1), events[6].Ran);
        Assert.Equal("worker", events[9].WorkerId);
    }

    [Fact]
    public async Task Scheduled_BecomesReady_AndRetriesFail_AndCancelsCancel()
    {
        using var stream = Follow();
        var id = await SubmitAsync(Plain with { Delay = TimeSpan.FromMinutes(1) });
        await AdvanceAsync(TimeSpan.FromMinutes(2));
        await SweepAsync();
        await FailAsync(await ClaimOneAsync());
        await AcceptAsync(id, TaskCommand.Cancel.Instance);
        Assert.Equal(
            [
                EventType.TaskSubmitted, EventType.TaskReady, EventType.TaskClaimed, EventType.TaskFailed,
                EventType.TaskCancelled,
            ],
            (await ReadAsync(stream, 5)).Select(static each => each.Type));
    }

    [Fact]
    public async Task ManyTasks_AreToldWithTheirOwnIds_WhateverSharesTheirCommit()
    {
        using var stream = Follow();
        var stored = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() =>
            SubmitAllAsync([.. Enumerable.Range(0, i % 4 + 1).Select(n => Plain with { Type = $"{i}-{n}" })]))));
        var expected =
            stored.SelectMany(static (ids, i) => ids.Select((id, n) => (id.Value, $"{i}-{n}"))).Order().ToList();
        var events = await ReadAsync(stream, expected.Count);
        Assert.Equal(expected, events.Select(static each => (each.Task!.Value.Value, each.TaskType!)).Order());
    }

    [Fact]
    public async Task WhatIsRolledBack_IsNotTold()
    {
        await SubmitAsync();
        using var stream = Follow();
        var beside = new List<Task>();
        for (var i = 0; i < 5; i++)
        {
            beside.Add(SubmitAsync());
            beside.Add(Assert.ThrowsAsync<InvalidOperationException>(() =>
                ((TaskStore)Store).RunAsync(new FailingSubmit(new([Plain with { Type = "no" }])), Admission.NewWork)));
        }

        await Task.WhenAll(beside);
        await SubmitAsync(Plain with { Type = "last" });
        var events = await ReadAsync(stream, 6);
        Assert.Equal([null, null, null, null, null, "last"], events.Select(static each => each.TaskType));
    }

    [Fact]
    public async Task QueuesAndGroups_AreToldOnce()
    {
        using var stream = Follow();
        await Store.SetPausedAsync("q", paused: true);
        await Store.SetPausedAsync("q", paused: true);
        await Store.SetPausedAsync("q", paused: false);
        var group = await CreateGroupAsync(null);
        await Store.SealGroupAsync(group);
        await AdvanceAsync(TimeSpan.FromSeconds(1));
        await Store.SealGroupAsync(group);
        await SubmitAsync();
        var events = await ReadAsync(stream, 4);
        Assert.Equal(
            [EventType.QueuePaused, EventType.QueueResumed, EventType.GroupSealed, EventType.TaskSubmitted],
            events.Select(static each => each.Type));
        Assert.Equal(("q", group), (events[0].Queue, events[2].Group));
    }

    [Fact]
    public async Task Operations_AreTold_FromTheirStartToTheirEnd()
    {
        await SubmitAllAsync([.. Enumerable.Repeat(Plain, Limits.BulkStepMax + 2)]);
        using var stream = Follow(EventTopics.Operations);
        var bulk = ((TaskStore)Store).Bulk;
        var cancel = new BulkOrder(BulkAction.Cancel, new(new(), Ids: null), Priority: null, Owner: null, default);
        var first = (await bulk.StartAsync(cancel)).Operation!;
        var stopped = (await bulk.StartAsync(cancel)).Operation!;
        Assert.True(await bulk.StopAsync(stopped.Id, "stopped"));
        Assert.False(await bulk.StopAsync(stopped.Id, "stopped"));
        for (var now = first; now.State == BulkState.Running;) now = (await bulk.AdvanceAsync(now, "here"))!;

        const long step = Limits.BulkStepMax;
        Assert.Equal(
            [
                (EventType.OperationStarted, first.Id, 0L), (EventType.OperationStarted, stopped.Id, 0L),
                (EventType.OperationStopped, stopped.Id, 0L), (EventType.OperationProgress, first.Id, step),
                (EventType.OperationDone, first.Id, step + 2),
            ],
            (await ReadAsync(stream, 5)).Select(static each =>
                (each.Type, each.Operation!.Value.Id, each.Operation!.Value.Counts.Changed)));
    }

    private EventStream Follow(EventTopics topics) => EventStream.Open(
        _host.Events, new() { Topics = topics }, after: null, Limits.EventStreamTimeMax, TimeProvider.System)!;

    private EventStream Follow() => EventStream.Open(
        _host.Events, new(), after: null, Limits.EventStreamTimeMax, TimeProvider.System)!;

    private static async Task<List<EventRecord>> ReadAsync(EventStream stream, int count)
    {
        var events = new List<EventRecord>();
        while (events.Count < count)
        {
            var batch = (await stream.NextAsync(TestContext.Current.CancellationToken))!.Value;
            Assert.Null(batch.Reset);
            events.AddRange(batch.Events.Select(static each => each.Record));
        }

        return events;
    }
}
