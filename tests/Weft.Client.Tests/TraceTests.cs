using System.Collections.Concurrent;
using System.Diagnostics;
using Weft.Client.Work;

namespace Weft.Client.Tests;

/// <summary>The client's spans, for those who listen to them.</summary>
public sealed class TraceTests(TestCoordinator coordinator) : IClassFixture<TestCoordinator>
{
    private readonly string _queue = TestCoordinator.NewQueue();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ASubmit_IsTheParentOfItsTasksWork()
    {
        using var listener = Listen(out var spans);
        using var outer = new Activity("outer").Start();
        await coordinator.Client.SubmitAsync(new(TestCoordinator.Json("1"), _queue), cancellationToken: Stop);
        outer.Stop();
        Activity? current = null;
        using var drain = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        await new WorkerLoop(coordinator.Client, new() { Queues = [_queue] }, async (task, _) =>
        {
            current = Activity.Current;
            await drain.CancelAsync();
            return task.Payload;
        }).RunAsync(drain.Token, CancellationToken.None);

        var send = Assert.Single(spans, each => each.OperationName == $"send {_queue}");
        var process = Assert.Single(spans, each => each.OperationName == $"process {_queue}");
        Assert.Equal((outer.TraceId, outer.SpanId, ActivityKind.Producer),
            (send.TraceId, send.ParentSpanId, send.Kind));
        Assert.Equal((send.TraceId, send.SpanId, ActivityKind.Consumer),
            (process.TraceId, process.ParentSpanId, process.Kind));
        Assert.Same(process, current);
        var receive = Assert.Single(spans, each => each.OperationName == $"receive {_queue}");
        var settle = Assert.Single(spans, each => each.OperationName == $"settle {_queue}");
        Assert.Equal((send.TraceId, send.SpanId, ActivityKind.Client),
            (receive.TraceId, receive.ParentSpanId, receive.Kind));
        Assert.Equal((send.TraceId, process.SpanId, ActivityKind.Client),
            (settle.TraceId, settle.ParentSpanId, settle.Kind));
        Assert.All([receive, process, settle],
            each => Assert.Equal(process.GetTagItem("messaging.message.id"), each.GetTagItem("messaging.message.id")));
        Assert.Equal("weft", process.GetTagItem("messaging.system"));
    }

    [Fact]
    public async Task TasksOfABatch_LinkToIt_AndAFailureShows()
    {
        using var listener = Listen(out var spans);
        await coordinator.Client.SubmitBatchAsync(
            [new(TestCoordinator.Json("1"), _queue), new(TestCoordinator.Json("2"), _queue)], cancellationToken: Stop);
        using var drain = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var handled = 0;
        await new WorkerLoop(coordinator.Client, new() { Queues = [_queue] }, async (_, _) =>
        {
            if (++handled == 2) await drain.CancelAsync();
            throw new AttemptFailedException("no", mayRetry: false);
        }).RunAsync(drain.Token, CancellationToken.None);

        var works = spans.Where(each => each.OperationName == $"process {_queue}").ToArray();
        Assert.Equal(2, works.Length);
        var batch = works[0].Links.Single().Context;
        Assert.Contains(spans,
            each => each.OperationName == "send" && each.SpanId == batch.SpanId
                && (int?)each.GetTagItem("messaging.batch.message_count") == 2);
        Assert.All(works, work =>
        {
            Assert.Equal((default, batch), (work.ParentSpanId, work.Links.Single().Context));
            Assert.NotEqual(batch.TraceId, work.TraceId);
            Assert.Equal((ActivityStatusCode.Error, "failed"), (work.Status, work.GetTagItem("error.type")));
        });
    }

    private static ActivityListener Listen(out ConcurrentQueue<Activity> spans)
    {
        // Other tests make spans meanwhile, also while this one looks through them.
        ConcurrentQueue<Activity> made = [];
        spans = made;
        var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == ClientSpans.SourceName,
            Sample =
                static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = made.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
