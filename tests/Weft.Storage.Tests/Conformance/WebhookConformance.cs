using System.Text.Json;
using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Webhooks;

namespace Weft.Storage.Tests.Conformance;

/// <summary>Who is told of what, and what waits to be sent.</summary>
public abstract class WebhookConformance(IStoreHost host) : TaskStoreConformance(host)
{
    private const WebhookEvents AllEvents =
        WebhookEvents.TaskCompleted | WebhookEvents.TaskDead | WebhookEvents.TaskCancelled
            | WebhookEvents.GroupFinished;

    private static readonly byte[] Secret = WebhookSecret.Create();
    private static readonly WebhookAnswer Refused = new("The receiver answered 500.", 500, null, TimeSpan.Zero);
    private static readonly WebhookAnswer Taken = new(null, 204, null, TimeSpan.Zero);

    private IWebhookStore Webhooks => ((TaskStore)Store).Webhooks;

    [Fact]
    public async Task ATaskThatFinishes_IsToldOf_WithoutItsPayloadAndResult()
    {
        var webhook = await AddAsync(AllEvents);
        var id = await SubmitAsync(Plain with { Type = "square" });
        Assert.Empty(await TakeAsync(webhook));
        var claimed = await ClaimOneAsync();
        await CompleteAsync(claimed, "\"secret\"");
        var delivery = Assert.Single(await TakeAsync(webhook));
        Assert.DoesNotContain("secret", delivery.Body);
        Assert.Equal($"msg_{webhook}_{delivery.Id}_{delivery.CreatedAt.ToUnixTimeMilliseconds():x}",
            delivery.MessageId);
        var message = JsonDocument.Parse(delivery.Body).RootElement;
        var data = message.GetProperty("data");
        Assert.Equal("task.completed", message.GetProperty("type").GetString());
        Assert.Equal((id.Value, "default", "square", 1, "worker"), (
            data.GetProperty("id").GetInt64(), data.GetProperty("queue").GetString(),
            data.GetProperty("type").GetString(),
            data.GetProperty("attempt").GetInt32(), data.GetProperty("workerId").GetString()));
        var finishedAt = (await RecordAsync(id)).FinishedAt;
        Assert.Equal(finishedAt, message.GetProperty("timestamp").GetDateTimeOffset());
        Assert.Equal(finishedAt, data.GetProperty("finishedAt").GetDateTimeOffset());
    }

    [Fact]
    public async Task EachWebhook_IsToldOfWhatItAskedFor_FromThenOn()
    {
        await FinishOneAsync(TaskCommand.Cancel.Instance);
        var dead = await AddAsync(WebhookEvents.TaskDead | WebhookEvents.TaskCancelled);
        var ofQueue = await AddAsync(WebhookEvents.TaskCancelled, "a", "b");
        var group = await CreateGroupAsync("g");
        var ofGroup =
            (await Webhooks.AddAsync(new("https://example.org/", WebhookEvents.TaskCancelled, [], group), Secret))!.Id;
        await ReopenAsync();
        var (inA, inC, inGroup) = (
            await FinishOneAsync(TaskCommand.Cancel.Instance, Plain with { Queue = "a" }),
            await FinishOneAsync(TaskCommand.Cancel.Instance, Plain with { Queue = "c" }),
            await FinishOneAsync(TaskCommand.Cancel.Instance, Plain with { Queue = "c", Group = group }));
        await SubmitAsync();
        await CompleteAsync(await ClaimOneAsync());
        var died = await SubmitAsync();
        await FailAsync(await ClaimOneAsync(), mayRetry: false);
        Assert.Equal(
            [$"task.cancelled {inA}", $"task.cancelled {inC}", $"task.cancelled {inGroup}", $"task.dead {died}"],
            await TellAsync(dead));
        Assert.Equal([$"task.cancelled {inA}"], await TellAsync(ofQueue));
        Assert.Equal([$"task.cancelled {inGroup}"], await TellAsync(ofGroup));
    }

    [Fact]
    public async Task WhatIsRefused_IsNotToldOf()
    {
        var webhook = await AddAsync(AllEvents);
        await SubmitAsync();
        var claimed = await ClaimOneAsync();
        await CompleteAsync(claimed);
        Assert.NotEqual(Refusal.None, await ApplyAsync(claimed.Task.Id, TaskCommand.Cancel.Instance));
        Assert.Equal([$"task.completed {claimed.Task.Id}"], await TellAsync(webhook));
    }

    [Fact]
    public async Task AGroup_IsToldOf_EachTimeItsLastTaskFinishes_AndWhenItIsSealed()
    {
        var webhook = await AddAsync(WebhookEvents.GroupFinished);
        var group = await CreateGroupAsync("g");
        await SealAndTellAsync(await CreateGroupAsync("empty"), webhook);
        var task = Plain with { Group = group };
        var ids = await SubmitAllAsync(task, task, task);
        await AcceptAsync(ids[0], TaskCommand.Cancel.Instance);
        await AcceptAsync(ids[1], TaskCommand.Cancel.Instance);
        Assert.Empty(await TakeAsync(webhook));
        await CompleteAsync(await ClaimOneAsync());
        Assert.Equal([$"group.finished {group} 1 0 2 False"], await TellAsync(webhook));
        await FinishOneAsync(TaskCommand.Cancel.Instance, task);
        Assert.Equal([$"group.finished {group} 1 0 3 False"], await TellAsync(webhook));
        Assert.Equal([$"group.finished {group} 1 0 3 True"], await SealAndTellAsync(group, webhook));
    }

    [Fact]
    public async Task GroupsThatFinishAtOnce_AreEachToldOfOnce()
    {
        var webhook = await AddAsync(WebhookEvents.GroupFinished);
        var ids = new List<TaskId>();
        var groups = new List<GroupId>();
        for (var i = 0; i < 10; i++)
        {
            groups.Add(await CreateGroupAsync(null));
            var task = Plain with { Group = groups[i] };
            ids.AddRange(await SubmitAllAsync(task, task, task, task, task));
        }

        await Task.WhenAll(ids.OrderBy(static id => id.Value % 5)
            .Select(id => AcceptAsync(id, TaskCommand.Cancel.Instance)));
        var told = new List<string>();
        while (await TellAsync(webhook) is { Count: > 0 } more) told.AddRange(more);
        Assert.Equal(groups.Select(static group => $"group.finished {group} 0 0 5 False").Order(), told.Order());
    }

    [Fact]
    public async Task WhatIsTaken_IsNobodyElses_UntilItsTimeIsOver()
    {
        var webhook = await AddAsync(WebhookEvents.TaskCancelled);
        await FinishOneAsync(TaskCommand.Cancel.Instance);
        await FinishOneAsync(TaskCommand.Cancel.Instance);
        var first = Assert.Single(await Webhooks.TakeAsync(webhook, 1));
        var second = Assert.Single(await Webhooks.TakeAsync(webhook, 9));
        Assert.NotEqual(first.Id, second.Id);
        Assert.Empty(await TakeAsync(webhook));
        Assert.False(await Webhooks.SettleAsync(second, Taken, TimeSpan.Zero));
        await AdvanceAsync(Limits.WebhookLeaseTime);
        var again = Assert.Single(await TakeAsync(webhook));
        Assert.Equal((first.Id, first.MessageId, 0), (again.Id, again.MessageId, again.Attempts));
        // The one that was too slow puts off nothing that is another's by now.
        Assert.False(await Webhooks.SettleAsync(first, Refused, TimeSpan.Zero));
        Assert.Empty(await TakeAsync(webhook));
        Assert.False(await Webhooks.SettleAsync(again, Refused, TimeSpan.FromMinutes(5)));
        Assert.Empty(await TakeAsync(webhook));
        await AdvanceAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(1, Assert.Single(await TakeAsync(webhook)).Attempts);
    }

    [Fact]
    public async Task WhatFails_ShowsWhyAndSinceWhen_UntilSomethingArrives()
    {
        var webhook = await AddAsync(WebhookEvents.TaskCancelled);
        await FinishOneAsync(TaskCommand.Cancel.Instance);
        await FinishOneAsync(TaskCommand.Cancel.Instance);
        var taken = await TakeAsync(webhook);
        Assert.False(await Webhooks.SettleAsync(taken[0], Refused, pause: null));
        var failing = await FindAsync(webhook);
        Assert.Equal((Refused.Error, 1, 1, null),
            (failing.LastError, failing.GivenUp, failing.Pending, failing.DisabledAt));
        Assert.NotNull(failing.FailingSince);
        Assert.False(await Webhooks.SettleAsync(taken[1], Taken, pause: null));
        var well = await FindAsync(webhook);
        Assert.Equal((null, null, 0), (well.LastError, well.FailingSince, well.Pending));
    }

    [Fact]
    public async Task AWebhookThatNothingReachesForDays_IsDisabled_AndIsToldOfWhatWaits_OnceItIsEnabled()
    {
        var webhook = await AddAsync(WebhookEvents.TaskCancelled);
        var id = await FinishOneAsync(TaskCommand.Cancel.Instance);
        Assert.False(await Webhooks.SettleAsync(Assert.Single(await TakeAsync(webhook)), Refused,
            Limits.WebhookFailingMax));
        await AdvanceAsync(Limits.WebhookFailingMax);
        Assert.True(await Webhooks.SettleAsync(Assert.Single(await TakeAsync(webhook)), Refused,
            TimeSpan.FromHours(1)));
        await ExpectDisabledAsync(webhook, id);
    }

    [Fact]
    public async Task AWebhookWhoseReceiverIsGone_IsDisabledAtOnce()
    {
        var webhook = await AddAsync(WebhookEvents.TaskCancelled);
        var id = await FinishOneAsync(TaskCommand.Cancel.Instance);
        var gone = Refused with { Status = 410 };
        Assert.True(await Webhooks.SettleAsync(Assert.Single(await TakeAsync(webhook)), gone, TimeSpan.FromSeconds(5)));
        await ExpectDisabledAsync(webhook, id);
    }

    [Fact]
    public async Task ARemovedWebhook_IsToldNothing_AndNothingWaitsForIt()
    {
        var (webhook, other) = (await AddAsync(AllEvents), await AddAsync(AllEvents));
        var id = await FinishOneAsync(TaskCommand.Cancel.Instance);
        Assert.True(await Webhooks.RemoveAsync(webhook));
        Assert.False(await Webhooks.RemoveAsync(webhook));
        Assert.Null(await Webhooks.FindAsync(webhook));
        var second = await FinishOneAsync(TaskCommand.Cancel.Instance);
        Assert.Empty(await TakeAsync(webhook));
        Assert.Equal(other, Assert.Single(await Webhooks.ListAsync()).Id);
        Assert.Equal([$"task.cancelled {id}", $"task.cancelled {second}"], await TellAsync(other));
    }

    [Fact]
    public async Task Webhooks_AreKept_UpToTheirBound()
    {
        var order =
            new WebhookOrder("https://example.org/a?b=c", WebhookEvents.TaskDead, ["a", "b"], new GroupId(7), "lab");
        var added = (await Webhooks.AddAsync(order, Secret))!;
        await ReopenAsync();
        var kept = Assert.Single(await Webhooks.ListAsync());
        Assert.Equal(added.Secret.ToArray(), kept.Secret.ToArray());
        Assert.Equal((added.Id, added.CreatedAt, order.Url, order.Events, order.Group, order.Name), (
            kept.Id, kept.CreatedAt, kept.Order.Url, kept.Order.Events, kept.Order.Group, kept.Order.Name));
        Assert.Equal(order.Queues, kept.Order.Queues);
        for (var i = 1; i < Limits.WebhooksMax; i++) await AddAsync(AllEvents);
        Assert.Null(await Webhooks.AddAsync(order, Secret));
    }

    [Fact]
    public async Task PastItsBound_EventsOfTasksAreDropped_AndCounted()
    {
        var webhook = await AddAsync(WebhookEvents.TaskCancelled);
        const int Batches = 12;
        for (var i = 0; i < Batches; i++)
        {
            await SubmitAllAsync([.. Enumerable.Repeat(Plain, Limits.SubmitBatchMax)]);
            await Store.CancelAsync(CancelSelection.WaitingIn(Limits.QueueDefault), Limits.SubmitBatchMax);
        }

        var full = await FindAsync(webhook);
        Assert.InRange(full.Pending, Limits.WebhookPendingMax, Limits.WebhookPendingMax + Limits.SubmitBatchMax);
        Assert.Equal(Batches * Limits.SubmitBatchMax, full.Pending + full.Dropped);
    }

    private async Task<WebhookId> AddAsync(WebhookEvents events, params string[] queues) =>
        (await Webhooks.AddAsync(new("https://example.org/", events, queues), Secret))!.Id;

    private async Task<StoredWebhook> FindAsync(WebhookId id) => (await Webhooks.FindAsync(id))!;

    private Task<IReadOnlyList<WebhookDelivery>> TakeAsync(WebhookId id) => Webhooks.TakeAsync(id, 100);

    /// <summary>What a webhook is told, all of which arrives.</summary>
    private async Task<IReadOnlyList<string>> TellAsync(WebhookId id)
    {
        var told = new List<(long Id, string Text)>();
        foreach (var delivery in await TakeAsync(id))
        {
            await Webhooks.SettleAsync(delivery, Taken, null);
            var message = JsonDocument.Parse(delivery.Body).RootElement;
            var (type, data) = (message.GetProperty("type").GetString()!, message.GetProperty("data"));
            var counts = type == "group.finished"
                ? $" {data.GetProperty("completed")} {data.GetProperty("dead")} {data.GetProperty("cancelled")} " +
                    $"{data.GetProperty("sealed")}"
                : "";
            told.Add((delivery.Id, $"{type} {data.GetProperty("id")}{counts}"));
        }

        return [.. told.OrderBy(static each => each.Id).Select(static each => each.Text)];
    }

    private async Task<IReadOnlyList<string>> SealAndTellAsync(GroupId group, WebhookId webhook)
    {
        Assert.True(await Store.SealGroupAsync(group));
        return await TellAsync(webhook);
    }

    private async Task<TaskId> FinishOneAsync(TaskCommand command, NewTask? task = null)
    {
        var id = await SubmitAsync(task);
        await AcceptAsync(id, command);
        return id;
    }

    private async Task ExpectDisabledAsync(WebhookId webhook, TaskId waiting)
    {
        Assert.NotNull((await FindAsync(webhook)).DisabledAt);
        Assert.Empty(await Webhooks.ListActiveAsync());
        await FinishOneAsync(TaskCommand.Cancel.Instance);
        Assert.True(await Webhooks.EnableAsync(webhook));
        var active = Assert.Single(await Webhooks.ListActiveAsync());
        Assert.Equal((null, null), (active.Webhook.DisabledAt, active.Webhook.FailingSince));
        Assert.NotNull(active.DueAt);
        Assert.Equal([$"task.cancelled {waiting}"], await TellAsync(webhook));
        var later = await FinishOneAsync(TaskCommand.Cancel.Instance);
        Assert.Equal([$"task.cancelled {later}"], await TellAsync(webhook));
        Assert.False(await Webhooks.EnableAsync(new(99)));
    }
}
