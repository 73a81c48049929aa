using System.Text.Json;
using Weft.Core;
using Weft.Core.Access;
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

    [Fact]
    public async Task AnOwnersWebhook_IsToldOfItsTasksAndGroups_AndOfNobodyElses()
    {
        var (ada, ben) = (await AddTokenAsync(1), await AddTokenAsync(2));
        var (adas, bens) = (await AddAsync(AllEvents, ada), await AddAsync(AllEvents, ben));
        var all = await AddAsync(WebhookEvents.TaskCancelled);
        await ReopenAsync();
        var group = await CreateGroupAsync("g", ada);
        var (own, other, nobodys) = (
            await SubmitAsync(ada, Plain with { Group = group }), await SubmitAsync(ben), await SubmitAsync());
        await Store.ApplyAsync([.. new[] { own, other, nobodys }.Select(
            static id => new TaskChange(id, TaskCommand.Cancel.Instance))]);
        Assert.Equal([$"task.cancelled {own}", $"group.finished {group} 0 0 1 False"], await TellAsync(adas));
        Assert.Equal([$"task.cancelled {other}"], await TellAsync(bens));
        Assert.Equal(3, (await TellAsync(all)).Count);
        Assert.Equal((ada, 0), ((await FindAsync(adas)).Order.Owner, (await FindAsync(adas)).Dropped));
    }

    [Fact]
    public async Task AnOwnersWebhook_EndsWithItsToken()
    {
        var end = DateTimeOffset.UnixEpoch + TimeSpan.FromDays(40_000);
        var (ada, ben) = (await AddTokenAsync(1), await AddTokenAsync(2, end));
        var (adas, bens) = (await AddAsync(AllEvents, ada), await AddAsync(AllEvents, ben));
        foreach (var owner in (TokenId[])[ada, ben])
        {
            await AcceptAsync(await SubmitAsync(owner), TaskCommand.Cancel.Instance);
        }

        Assert.Equal([adas, bens], (await ListActiveAsync()).Select(static active => active.Webhook.Id));
        Assert.True(await ((TaskStore)Store).Tokens.RemoveAsync(ada));
        Assert.Null(await Webhooks.FindAsync(adas));
        Assert.Empty(await TakeAsync(adas));
        Assert.Empty(await Webhooks.ListActiveAsync(end));
        Assert.Equal(1, (await FindAsync(bens)).Pending);
    }

    [Fact]
    public async Task AnOwner_HasFewWebhooks_AndHalfOfAllPlacesAreNotForOwners()
    {
        var added = 0;
        for (byte i = 1; added < Limits.WebhooksMax / 2; i++)
        {
            var owner = await AddTokenAsync(i);
            for (var j = 0; j < Limits.WebhooksOfTokenMax; j++, added++) await AddAsync(AllEvents, owner);
            Assert.Null(await TryAddAsync(owner));
        }

        Assert.Null(await TryAddAsync(await AddTokenAsync(99)));
        Assert.NotNull(await TryAddAsync(null));
    }

    [Fact]
    public async Task ARotatedSecret_IsKept_WithTheOneBeforeIt()
    {
        var webhook = await AddAsync(AllEvents);
        var (second, third) = (WebhookSecret.Create(), WebhookSecret.Create());
        Assert.True(await Webhooks.RotateAsync(webhook, second, TimeSpan.FromHours(24)));
        Assert.True(await Webhooks.RotateAsync(webhook, third, TimeSpan.FromHours(24)));
        Assert.False(await Webhooks.RotateAsync(new(99), third, TimeSpan.FromHours(24)));
        await ReopenAsync();
        var kept = await FindAsync(webhook);
        Assert.Equal(third, kept.Secret.ToArray());
        Assert.Equal(second, kept.Old!.Value.Secret.ToArray());
        Assert.InRange(kept.Old.Value.Until - kept.CreatedAt, TimeSpan.FromHours(24), TimeSpan.FromHours(25));
    }

    [Fact]
    public async Task TheLastAttempts_AreKept()
    {
        var webhook = await AddAsync(WebhookEvents.TaskCancelled);
        await FinishOneAsync(TaskCommand.Cancel.Instance);
        var delivery = Assert.Single(await TakeAsync(webhook));
        var refused = Refused with { Took = TimeSpan.FromMilliseconds(7) };
        await Webhooks.SettleAsync(delivery, refused, TimeSpan.FromSeconds(5));
        await AdvanceAsync(TimeSpan.FromSeconds(5));
        await Webhooks.SettleAsync(Assert.Single(await TakeAsync(webhook)), Taken, null);
        var kept = await Webhooks.ListAttemptsAsync(webhook);
        Assert.Equal([(delivery.MessageId, "task.cancelled", 2, 204), (delivery.MessageId, "task.cancelled", 1, 500)],
            kept.Select(static each => (each.MessageId, each.Event, each.Attempt, each.Answer.Status ?? 0)));
        Assert.Null(kept[0].NextAt);
        Assert.Equal((refused.Error, refused.Took, TimeSpan.FromSeconds(5)),
            (kept[1].Answer.Error, kept[1].Answer.Took, kept[1].NextAt - kept[1].SentAt));

        await SubmitAllAsync([.. Enumerable.Repeat(Plain, Limits.WebhookAttemptsKeptMax)]);
        await Store.CancelAsync(CancelSelection.WaitingIn(Limits.QueueDefault), Limits.SubmitBatchMax);
        await Task.WhenAll((await TakeAsync(webhook)).Select(each => Webhooks.SettleAsync(each, Taken, null)));
        kept = await Webhooks.ListAttemptsAsync(webhook);
        Assert.Equal(Limits.WebhookAttemptsKeptMax, kept.Count);
        Assert.DoesNotContain(delivery.MessageId, kept.Select(static each => each.MessageId));
        await Webhooks.RemoveAsync(webhook);
        Assert.Empty(await Webhooks.ListAttemptsAsync(webhook));
    }

    [Fact]
    public async Task TheBacklog_SaysHowMuchWaits_AndSinceWhen()
    {
        Assert.Equal(default, await Webhooks.CountBacklogAsync());
        var webhook = await AddAsync(WebhookEvents.TaskCancelled);
        await FinishOneAsync(TaskCommand.Cancel.Instance);
        await AdvanceAsync(TimeSpan.FromMinutes(1));
        await FinishOneAsync(TaskCommand.Cancel.Instance);
        var waiting = (await TakeAsync(webhook)).MinBy(static each => each.Id)!;
        Assert.Equal(new(2, waiting.CreatedAt), await Webhooks.CountBacklogAsync());
    }

    private Task<IReadOnlyList<ActiveWebhook>> ListActiveAsync() =>
        Webhooks.ListActiveAsync(DateTimeOffset.UnixEpoch);

    private Task<StoredWebhook?> TryAddAsync(TokenId? owner) =>
        Webhooks.AddAsync(new("https://example.org/", AllEvents, [], Owner: owner), Secret);

    private async Task<WebhookId> AddAsync(WebhookEvents events, TokenId owner) =>
        (await Webhooks.AddAsync(new("https://example.org/", events, [], Owner: owner), Secret))!.Id;

    private async Task<TokenId> AddTokenAsync(byte fill, DateTimeOffset? end = null)
    {
        var hash = new byte[TokenText.HashBytes];
        hash.AsSpan().Fill(fill);
        return (await ((TaskStore)Store).Tokens.AddAsync(new(Scope.Submit, [], ExpiresAt: end), hash))!.Id;
    }

    private async Task<TaskId> SubmitAsync(TokenId owner, NewTask? task = null) =>
        (await Store.SubmitAsync(new([task ?? Plain], Owner: owner))).Ids[0];

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
        Assert.Empty(await ListActiveAsync());
        await FinishOneAsync(TaskCommand.Cancel.Instance);
        Assert.True(await Webhooks.EnableAsync(webhook));
        var active = Assert.Single(await ListActiveAsync());
        Assert.Equal((null, null), (active.Webhook.DisabledAt, active.Webhook.FailingSince));
        Assert.NotNull(active.DueAt);
        Assert.Equal([$"task.cancelled {waiting}"], await TellAsync(webhook));
        var later = await FinishOneAsync(TaskCommand.Cancel.Instance);
        Assert.Equal([$"task.cancelled {later}"], await TellAsync(webhook));
        Assert.False(await Webhooks.EnableAsync(new(99)));
    }
}
