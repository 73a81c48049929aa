using System.Collections.Concurrent;
using System.Text.Json;
using Weft.Client.Work;
using Weft.Contracts;

namespace Weft.Client.Tests;

public sealed class WorkerLoopTests(TestCoordinator coordinator) : IClassFixture<TestCoordinator>, IDisposable
{
    private readonly string _queue = TestCoordinator.NewQueue();
    private readonly CancellationTokenSource _drain = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly ConcurrentQueue<WorkerEvent> _events = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _drain.Dispose();
        _abort.Dispose();
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(4, 0)]
    [InlineData(2, 50)]
    public async Task AWorker_DoesAllTasks_NoMoreAtOnceThanItMay(int concurrency, int prefetch)
    {
        var ids = await SubmitAsync(300);
        var (running, most) = (0, 0);
        var working = RunAsync(Typed(async (job, stop) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await Task.Yield();
            Interlocked.Decrement(ref running);
            return new Square(job.Number, job.Number * job.Number);
        }), new() { Concurrency = concurrency, Prefetch = prefetch });

        for (var i = 0; i < ids.Count; i++)
        {
            Assert.Equal(new(i, i * i), await coordinator.Client.WaitAsync(ids[i], TestJson.Default.Square, Stop));
        }
        await DrainAsync(working);
        Assert.InRange(most, 1, concurrency);
        Assert.Equal(ids, _events.Where(static happened => happened.Outcome == WorkerOutcome.Completed)
            .Select(static happened => happened.Task.Id).Order());
    }

    [Fact]
    public async Task ABusyWorker_SettlesAndClaimsInOneRoundTrip()
    {
        var ids = await SubmitAsync(500);
        var trouble = new Troublemaker();
        var working = RunAsync(Typed(static (job, _) => Task.FromResult(new Square(job.Number, 0))),
            new() { Concurrency = 50 }, coordinator.ClientBehind(trouble));
        foreach (var id in ids) await coordinator.Client.WaitAsync(id, Stop);
        await DrainAsync(working);
        // Two round trips for each task would be 1,000.
        Assert.InRange(trouble.Sent, 10, 300);
    }

    [Fact]
    public async Task WhatAHandlerThrows_IsItsAttemptsFailure()
    {
        var ids = await SubmitAsync(3, maxAttempts: 1);
        var working = RunAsync(Typed((job, _) => job.Number switch
        {
            0 => throw new InvalidOperationException("It broke."),
            1 => throw new AttemptFailedException("It can't be done.", mayRetry: false),
            _ => Task.FromResult(new Square(2, 4)),
        }));
        Assert.Equal("InvalidOperationException: It broke.", (await coordinator.Client.WaitAsync(ids[0], Stop)).Error);
        Assert.Equal("It can't be done.", (await coordinator.Client.WaitAsync(ids[1], Stop)).Error);
        Assert.Equal(TaskStates.Completed, (await coordinator.Client.WaitAsync(ids[2], Stop)).State);
        await DrainAsync(working);
    }

    [Fact]
    public async Task APayloadOfAnotherType_KillsItsTask()
    {
        var id = await coordinator.Client.SubmitAsync("text", TestJson.Default.String, new() { Queue = _queue },
            cancellationToken: Stop);
        var working = RunAsync(Typed(static (job, _) => Task.FromResult(new Square(job.Number, 0))));
        var task = await coordinator.Client.WaitAsync(id, Stop);
        Assert.Equal((TaskStates.Dead, 1), (task.State, task.Attempt));
        Assert.StartsWith("This worker can't read the payload", task.Error, StringComparison.Ordinal);
        await DrainAsync(working);
    }

    [Fact]
    public async Task Heartbeats_KeepTheLease_AndCarryProgressAndCheckpoint()
    {
        var id = Assert.Single(await SubmitAsync(1));
        var finish = new TaskCompletionSource<JsonElement>();
        var working = RunAsync((task, _) =>
        {
            task.Report(0.25, TestCoordinator.Json("""{"row":7}"""));
            return finish.Task;
        }, new() { Lease = TimeSpan.FromSeconds(1.5) });

        TaskInfo seen;
        do seen = await coordinator.Client.GetAsync(id, Stop); while (seen.Progress is null);
        // Past the first lease's end it is still this worker's first attempt.
        var firstEnd = seen.ClaimedAt + TimeSpan.FromSeconds(3);
        do seen = await coordinator.Client.GetAsync(id, Stop); while (seen.LeaseExpiresAt < firstEnd);
        Assert.Equal((TaskStates.Leased, 1, 0.25, """{"row":7}"""),
            (seen.State, seen.Attempt, seen.Progress, seen.Checkpoint?.GetRawText()));
        finish.SetResult(TestCoordinator.Json("1"));
        Assert.Equal(TaskStates.Completed, (await coordinator.Client.WaitAsync(id, Stop)).State);
        await DrainAsync(working);
    }

    [Fact]
    public async Task WithoutALeaseOfItsOwn_TheWorkerKeepsTheTasks()
    {
        var tasks = new TaskRequest[] { new(TestCoordinator.Json("1"), _queue, LeaseSeconds: 1.5) };
        var id = (await coordinator.Client.SubmitBatchAsync(tasks, cancellationToken: Stop))[0].Id!.Value;
        var finish = new TaskCompletionSource<JsonElement>();
        var working = RunAsync((_, _) => finish.Task);

        TaskInfo seen;
        do seen = await coordinator.Client.GetAsync(id, Stop); while (seen.ClaimedAt is null);
        Assert.Equal(seen.ClaimedAt + TimeSpan.FromSeconds(1.5), seen.LeaseExpiresAt);
        // Heartbeats come often enough for it: past several leases it is still the first attempt.
        var firstEnds = seen.ClaimedAt + TimeSpan.FromSeconds(6);
        do seen = await coordinator.Client.GetAsync(id, Stop); while (seen.LeaseExpiresAt < firstEnds);
        Assert.Equal((TaskStates.Leased, 1), (seen.State, seen.Attempt));
        finish.SetResult(TestCoordinator.Json("1"));
        Assert.Equal(TaskStates.Completed, (await coordinator.Client.WaitAsync(id, Stop)).State);
        await DrainAsync(working);
    }

    [Fact]
    public async Task ACancelledTask_IsDropped_AndTheWorkerGoesOn()
    {
        var first = Assert.Single(await SubmitAsync(1));
        var begun = new TaskCompletionSource();
        var working = RunAsync(async (task, stop) =>
        {
            if (task.Id != first) return TestCoordinator.Json("1");
            begun.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
            return default;
        }, new() { Concurrency = 1, Lease = TimeSpan.FromSeconds(1) });
        await begun.Task.WaitAsync(Stop);
        await coordinator.Client.CancelAsync(first, Stop);

        var second = Assert.Single(await SubmitAsync(1));
        Assert.Equal(TaskStates.Completed, (await coordinator.Client.WaitAsync(second, Stop)).State);
        await DrainAsync(working);
        Assert.Equal(WorkerOutcome.Dropped, Assert.Single(_events, happened => happened.Task.Id == first).Outcome);
    }

    [Fact]
    public async Task Drained_ItFinishesWhatItHas_AndClaimsNoMore()
    {
        await SubmitAsync(2);
        var begun = new TaskCompletionSource();
        var finish = new TaskCompletionSource<JsonElement>();
        var working = RunAsync((_, _) =>
        {
            begun.TrySetResult();
            return finish.Task;
        }, new() { Concurrency = 1 });
        await begun.Task.WaitAsync(Stop);
        await _drain.CancelAsync();
        Assert.False(working.IsCompleted);
        finish.SetResult(TestCoordinator.Json("1"));
        await working.WaitAsync(Stop);

        var states = await coordinator.Client.ListAsync(new() { Queue = _queue }, Stop)
            .Select(static task => task.State).ToListAsync(Stop);
        Assert.Equal([TaskStates.Completed, TaskStates.Ready], states);
    }

    [Fact]
    public async Task Aborted_ItGivesBackWhatItHas()
    {
        var id = Assert.Single(await SubmitAsync(1));
        var begun = new TaskCompletionSource();
        var working = RunAsync(async (_, stop) =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
            return default;
        // With a place that is free it would have a claim waiting, which gets the task if the coordinator hears of its
        // end only afterwards.
        }, new() { Concurrency = 1 });
        await begun.Task.WaitAsync(Stop);
        await _abort.CancelAsync();
        await working.WaitAsync(Stop);

        var task = await coordinator.Client.GetAsync(id, Stop);
        Assert.Equal((TaskStates.Ready, 0), (task.State, task.Failures));
        Assert.Equal(WorkerOutcome.Released, Assert.Single(_events).Outcome);
    }

    [Fact]
    public async Task ATroubledWay_LosesNothing()
    {
        var ids = await SubmitAsync(20);
        var trouble = new Troublemaker().LoseAnswers(3);
        var working = RunAsync(Typed(static (job, _) => Task.FromResult(new Square(job.Number, 1))),
            new() { Lease = TimeSpan.FromSeconds(1) }, coordinator.ClientBehind(trouble));
        foreach (var id in ids)
        {
            Assert.Equal(TaskStates.Completed, (await coordinator.Client.WaitAsync(id, Stop)).State);
        }
        await DrainAsync(working);
    }

    [Theory]
    [InlineData(2 << 20, TaskStates.Completed)]
    [InlineData(11 << 20, TaskStates.Dead)]
    public async Task ALargeResult_TravelsAlone_AndOneThatIsTooLargeIsAFailure(int length, string state)
    {
        var id = Assert.Single(await SubmitAsync(1, maxAttempts: 1));
        var working = RunAsync((_, _) =>
            Task.FromResult(JsonSerializer.SerializeToElement(new string('x', length), TestJson.Default.String)));
        var task = await coordinator.Client.WaitAsync(id, Stop);
        Assert.Equal(state, task.State);
        if (state == TaskStates.Completed) Assert.Equal(length, task.Result!.Value.GetString()!.Length);
        else Assert.StartsWith("The result was rejected: ", task.Error, StringComparison.Ordinal);
        await DrainAsync(working);
    }

    [Fact]
    public async Task AWorkerThatMayNotClaim_SaysWhy()
    {
        var refused = await Assert.ThrowsAsync<WeftException>(() =>
            RunAsync((_, _) => Task.FromResult(default(JsonElement)), new() { Queues = ["no such name!"] }));
        Assert.Equal(ProblemCodes.InvalidRequest, refused.Code);
    }

    private static TaskHandler Typed(Func<Job, CancellationToken, Task<Square>> handle) =>
        TaskHandlers.Typed(TestJson.Default.Job, TestJson.Default.Square, (job, _, stop) => handle(job, stop));

    private Task RunAsync(TaskHandler handler, WorkerOptions? options = null, WeftClient? client = null)
    {
        var chosen = (options ?? new()) with { Queues = options?.Queues ?? [_queue], Observed = _events.Enqueue };
        return new WorkerLoop(client ?? coordinator.Client, chosen, handler).RunAsync(_drain.Token, _abort.Token);
    }

    private async Task DrainAsync(Task working)
    {
        await _drain.CancelAsync();
        await working.WaitAsync(Stop);
    }

    private async Task<List<long>> SubmitAsync(int count, int? maxAttempts = null)
    {
        var tasks = Enumerable.Range(0, count)
            .Select(i =>
            new TaskRequest(TestCoordinator.Json($$"""{"Number":{{i}}}"""), _queue, MaxAttempts: maxAttempts));
        return [.. (await coordinator.Client.SubmitBatchAsync(tasks, cancellationToken: Stop))
            .Select(static outcome => outcome.Id!.Value)];
    }
}
