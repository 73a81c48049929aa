using Weft.Core;
using Weft.Core.Metrics;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Conformance;

/// <summary>Counters tell what was committed: no more, and no less.</summary>
public abstract class MetricsConformance(IStoreHost host) : TaskStoreConformance(host)
{
    private const int CallersMax = 8;
    private static readonly string[] Queues = ["a", "b", "c"];

    private readonly IStoreHost _host = host;

    [Fact]
    public async Task Counters_AfterAMixedLoad_EqualTheRows()
    {
        for (var round = 0; round < 6; round++)
        {
            await Task.WhenAll(Enumerable.Range(round * CallersMax, CallersMax)
                .Select(seed => Task.Run(() => CallAsync(new(seed)))));
            await AdvanceAsync(TimeSpan.FromMinutes(2));
            await SweepAsync();
            await AssertCountersAsync(deleted: 0);
        }

        await AdvanceAsync(TimeSpan.FromHours(1));
        var deleted = await Store.DeleteFinishedAsync(TimeSpan.FromHours(1), Limits.RetentionBatchMax);
        Assert.True(deleted > 0);
        await AssertCountersAsync(deleted);
    }

    [Fact]
    public async Task WhatIsRolledBack_IsNotCounted()
    {
        var beside = new List<Task>();
        await SubmitAsync();
        for (var i = 0; i < 5; i++)
        {
            beside.Add(SubmitAsync());
            beside.Add(Assert.ThrowsAsync<InvalidOperationException>(() =>
                ((TaskStore)Store).RunAsync(new FailingSubmit(new([Plain])), Admission.NewWork)));
        }

        await Task.WhenAll(beside);
        Assert.Equal(6, Of(Limits.QueueDefault)[TaskEvents.Submitted]);
        Assert.Equal(6, (await CountsAsync()).Ready);
    }

    [Fact]
    public async Task WhatIsRefused_IsNotCounted()
    {
        var key = new IdempotencyKey("key", Bytes("fingerprint"));
        for (var i = 0; i < 2; i++) await Store.SubmitAsync(new([Plain]) { Key = key });
        await Store.SubmitAsync(new([Plain with { Group = new(5) }]));
        var claimed = await ClaimOneAsync();
        Assert.Equal(Refusal.StaleLease,
            await ApplyAsync(claimed.Task.Id, new TaskCommand.Complete(new LeaseToken(1), Bytes("1"))));
        Assert.Equal(1, Of(Limits.QueueDefault)[TaskEvents.Submitted]);
        Assert.Equal(0, Of(Limits.QueueDefault)[TaskEvents.Completed]);
    }

    [Fact]
    public async Task Gauges_TellWhatThereIs()
    {
        await SubmitAllAsync(Plain, Plain with { Queue = "b" }, Plain with { Queue = "b" });
        await ClaimIdsAsync(1);
        await Store.SetPausedAsync("b", paused: true);
        await Store.SetPausedAsync("c", paused: true);
        await AssertGaugesAsync();
        await ReopenAsync();
        await AssertGaugesAsync();
        await Store.SetPausedAsync("c", paused: false);
        await AssertGaugesAsync();
    }

    [Fact]
    public async Task TheOldestReadyTask_IsFound_WhateverItsPriority()
    {
        var first = await SubmitAsync(Plain with { Queue = "a", Priority = -5 });
        await AdvanceAsync(TimeSpan.FromMinutes(1));
        var second = await SubmitAsync(Plain with { Queue = "a", Priority = 5 });
        await AdvanceAsync(TimeSpan.FromMinutes(1));
        await SubmitAllAsync(
            Plain with { Queue = "a" }, Plain with { Queue = "b" },
            Plain with { Queue = "c", Delay = TimeSpan.FromHours(1) });
        await AssertOldestAsync(first);
        await AcceptAsync(first, TaskCommand.Cancel.Instance);
        await AssertOldestAsync(second);
        await ReopenAsync();
        await AssertOldestAsync(second);

        async Task AssertOldestAsync(TaskId id)
        {
            var oldest = (await ((TaskStore)Store).ReadGaugesAsync()).OldestReady;
            Assert.Equal(["a", "b"], oldest.Keys.Order());
            Assert.Equal((await RecordAsync(id)).ReadyAt, oldest["a"]);
            Assert.True(oldest["b"] > oldest["a"]);
        }
    }

    private TaskTally Of(string queue) => _host.Meter.Tasks.Of(queue);

    private async Task AssertGaugesAsync()
    {
        var gauges = await ((IStoreGauges)Store).ReadGaugesAsync();
        Assert.Equal(await Store.CountAsync(),
            gauges.Queues.OrderBy(static queue => queue.Queue, StringComparer.Ordinal));
        Assert.Equal(await Store.ListReadyAsync(),
            gauges.Ready.OrderBy(static ready => ready.Queue, StringComparer.Ordinal));
        Assert.Equal(0, gauges.WaitingOperations);
    }

    private async Task AssertCountersAsync(int deleted)
    {
        var queues = (await Store.CountAsync()).ToDictionary(static queue => queue.Queue, static queue => queue.Counts);
        var tasks = await ListTasksAsync(new(), Limits.ListScanMax);
        foreach (var queue in Queues)
        {
            var (counted, rows) = (Of(queue), queues.GetValueOrDefault(queue));
            Assert.Equal(counted[TaskEvents.Submitted], rows.Total + counted[TaskEvents.Deleted]);
            if (deleted > 0) continue;
            Assert.Equal(rows.Completed, counted[TaskEvents.Completed]);
            Assert.Equal(rows.Cancelled, counted[TaskEvents.Cancelled]);
            Assert.Equal(
                rows.Dead + counted[TaskEvents.Retried],
                counted[TaskEvents.DeadByAttempts] + counted[TaskEvents.DeadByFatalFailure] +
                    counted[TaskEvents.DeadByExpiry]);
            Assert.Equal(tasks.Where(task => task.Queue == queue).Sum(static task => task.Attempt),
                counted[TaskEvents.Claimed]);
        }

        Assert.Equal(deleted, Queues.Sum(queue => Of(queue)[TaskEvents.Deleted]));
    }

    /// <summary>A submitter and worker that does everything there is to do.</summary>
    private async Task CallAsync(Random random)
    {
        for (var step = 0; step < 12; step++)
        {
            var queue = Queues[random.Next(Queues.Length)];
            var task = Plain with
            {
                Queue = queue, MaxAttempts = random.Next(1, 3),
                Delay = TimeSpan.FromSeconds(random.Next(4) == 0 ? 30 : 0),
                ExpiresIn = random.Next(4) == 0 ? TimeSpan.FromMinutes(1) : null,
            };
            var ids = (await Store.SubmitAsync(new([task, task, task]))).Ids;
            await ApplyAsync(ids[0], TaskCommand.Cancel.Instance);
            foreach (var claimed in await Store.ClaimAsync(new() { WorkerId = "w", Queues = [queue], Max = 2 }))
            {
                await ApplyAsync(claimed.Task.Id, Report(claimed.Task.Lease!.Token, random));
                await ApplyAsync(claimed.Task.Id, TaskCommand.Retry.Instance);
            }
        }
    }

    private static TaskCommand Report(LeaseToken token, Random random) => random.Next(6) switch
    {
        0 => new TaskCommand.Complete(token, Bytes("1")),
        1 => new TaskCommand.Fail(token, "broken", MayRetry: true, Jitter: 0),
        2 => new TaskCommand.Fail(token, "broken", MayRetry: false, Jitter: 0),
        3 => new TaskCommand.Release(token),
        4 => new TaskCommand.Complete(new LeaseToken(token.Value ^ 1), Bytes("1")),
        _ => new TaskCommand.Heartbeat(token),
    };
}
