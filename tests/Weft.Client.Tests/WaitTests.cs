using System.Text.Json;
using Weft.Contracts;

namespace Weft.Client.Tests;

public sealed class WaitTests(TestCoordinator coordinator) : IClassFixture<TestCoordinator>
{
    private readonly string _queue = TestCoordinator.NewQueue();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Wait_GivesTheResult_WhenTheTaskIsCompletedMeanwhile()
    {
        var id = await SubmitAsync();
        var waiting = coordinator.Client.WaitAsync(id, TestJson.Default.Square, Stop);
        var task = await ClaimAsync();
        Assert.False(waiting.IsCompleted);
        await SettleAsync(
            new(task.LeaseToken, "complete", id, Result: TestCoordinator.Json("""{"Number":3,"Value":9}""")));
        Assert.Equal(new(3, 9), await waiting);
    }

    [Fact]
    public async Task Wait_OfADeadTask_SaysWhy()
    {
        var id = await SubmitAsync();
        var task = await ClaimAsync();
        await SettleAsync(new(task.LeaseToken, "fail", id, Error: "It is cursed.", Retry: false));
        var failure = await Assert.ThrowsAsync<TaskNotCompletedException>(() =>
            coordinator.Client.WaitAsync(id, TestJson.Default.Square, Stop));
        Assert.Equal($"Task {id} is dead: It is cursed.", failure.Message);
        Assert.Equal(TaskStates.Dead, failure.Task.State);

        Assert.Equal(TaskStates.Ready, (await coordinator.Client.RetryAsync(id, Stop)).State);
        Assert.Equal(TaskStates.Cancelled, (await coordinator.Client.CancelAsync(id, Stop)).State);
        Assert.Equal(TaskStates.Cancelled, (await coordinator.Client.WaitAsync(id, Stop)).State);
    }

    [Fact]
    public async Task Wait_ForAResultOfAnotherType_IsAnError_AndNullIsAResult()
    {
        var id = await SubmitAsync();
        var task = await ClaimAsync();
        await SettleAsync(new(task.LeaseToken, "complete", id, Result: TestCoordinator.Json("null")));
        Assert.Null(await coordinator.Client.WaitAsync(id, TestJson.Default.String, Stop));
        await Assert.ThrowsAsync<JsonException>(async () =>
            await coordinator.Client.WaitAsync(await CompletedAsync("\"text\""), TestJson.Default.Square, Stop));
    }

    [Fact]
    public async Task Queues_ArePaused_Resumed_Purged_AndListed()
    {
        var client = coordinator.Client;
        await SubmitAsync();
        await client.PauseQueueAsync(_queue, Stop);
        Assert.Empty(await client.ClaimAsync(new("w", [_queue]), Stop));
        Assert.True(Assert.Single(await client.ListQueuesAsync(Stop), queue => queue.Name == _queue).Paused);
        await client.ResumeQueueAsync(_queue, Stop);
        Assert.Equal(1, await client.PurgeQueueAsync(_queue, Stop));
        var queue = Assert.Single(await client.ListQueuesAsync(Stop), queue => queue.Name == _queue);
        Assert.Equal((false, 0, 1), (queue.Paused, queue.Counts.Ready, queue.Counts.Cancelled));
    }

    [Fact]
    public async Task Lists_GoOnOverPages_AndWorkersAreSeen()
    {
        List<long> ids = [await SubmitAsync(), await SubmitAsync(), await SubmitAsync()];
        var newest = await coordinator.Client.ListAsync(
            new() { Queue = _queue, NewestFirst = true, PageSize = 2, State = TaskStates.Ready },
            Stop).ToListAsync(Stop);
        Assert.Equal(Enumerable.Reverse(ids), newest.Select(static task => task.Id));
        await coordinator.Client.ClaimAsync(new(_queue, [_queue]), Stop);
        Assert.Equal(1,
            Assert.Single(await coordinator.Client.ListWorkersAsync(Stop), worker => worker.Id == _queue).Claimed);
    }

    private Task<long> SubmitAsync() =>
        coordinator.Client.SubmitAsync(1, TestJson.Default.Int32, new() { Queue = _queue }, cancellationToken: Stop);

    private async Task<ClaimedTask> ClaimAsync() =>
        Assert.Single(await coordinator.Client.ClaimAsync(new("w", [_queue]), Stop));

    private async Task SettleAsync(SettleItem item) =>
        Assert.Equal(200,
            Assert.Single((await coordinator.Client.SettleAsync(new([item], WorkerId: "w"), Stop)).Outcomes).Status);

    private async Task<long> CompletedAsync(string result)
    {
        var id = await SubmitAsync();
        var task = await ClaimAsync();
        await SettleAsync(new(task.LeaseToken, "complete", id, Result: TestCoordinator.Json(result)));
        return id;
    }
}
