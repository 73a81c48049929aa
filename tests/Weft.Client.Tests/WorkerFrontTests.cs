using System.Collections.Concurrent;
using System.Text.Json;
using Weft.Client.Work;
using Weft.Contracts;
using Weft.Testing.Fronts;

namespace Weft.Client.Tests;

/// <summary>A worker whose way to the coordinator answers in its place.</summary>
public sealed class WorkerFrontTests(TestCoordinator coordinator) : IClassFixture<TestCoordinator>, IDisposable
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(4);

    private readonly string _queue = TestCoordinator.NewQueue();
    private readonly CancellationTokenSource _drain = new();
    private readonly ConcurrentQueue<WorkerEvent> _events = new();

    public static TheoryData<string> Lies() => new(FrontLies.Names);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _drain.Dispose();

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task AFinishedResult_IsDelivered_WhateverAnsweredMeanwhile(string lie)
    {
        await using var front = new LyingFront(coordinator.Url);
        var id = await SubmitAsync("1");
        var working = RunAsync(front, (_, _) =>
        {
            front.Lie(FrontLies.Of(lie));
            return Task.FromResult(TestCoordinator.Json("\"done\""));
        });
        await SeeLiesAsync(front, 2);
        await front.TellTheTruthAsync();

        var task = await coordinator.Client.WaitAsync(id, Stop);
        Assert.Equal((TaskStates.Completed, 1, "\"done\""), (task.State, task.Attempt, task.Result?.GetRawText()));
        await DrainAsync(working);
    }

    [Fact]
    public async Task AHeartbeatThatIsRefusedForAWhile_EndsNothing()
    {
        await using var front = new LyingFront(coordinator.Url);
        var id = await SubmitAsync("1");
        var finish = new TaskCompletionSource<JsonElement>();
        var begun = new TaskCompletionSource();
        var working = RunAsync(front, async (_, stop) =>
        {
            begun.SetResult();
            return await finish.Task.WaitAsync(stop);
        });
        await begun.Task.WaitAsync(Stop);
        front.Lie(FrontAnswer.Problem(429, ProblemCodes.RateLimited, "Later.", "Retry-After: 1"));
        await SeeLiesAsync(front, 3);
        await front.TellTheTruthAsync();
        finish.SetResult(TestCoordinator.Json("2"));

        var task = await coordinator.Client.WaitAsync(id, Stop);
        Assert.Equal((TaskStates.Completed, 1), (task.State, task.Attempt));
        await DrainAsync(working);
        Assert.Equal(WorkerOutcome.Completed, Assert.Single(_events).Outcome);
    }

    [Theory]
    [InlineData("413")]
    [InlineData("break")]
    public async Task AResultThatNeverGetsThrough_FailsItsTaskAlone(string how)
    {
        await using var front = new LyingFront(coordinator.Url);
        front.Lie(request => request.Length < 100_000 ? null : how == "413" ? FrontAnswer.Page(413)
            : FrontAnswer.Break);
        var large = await SubmitAsync("1");
        var small = await SubmitAsync("2");
        var working = RunAsync(front,
            (task, _) =>
            Task.FromResult(TestCoordinator.Json(task.Id == large ? $"\"{new string('x', 200_000)}\"" : "2")),
            TimeSpan.FromSeconds(1));

        var task = await coordinator.Client.WaitAsync(large, Stop);
        Assert.Equal(TaskStates.Dead, task.State);
        Assert.StartsWith(how == "413"
            ? "The result was rejected: A proxy"
            : "The result was rejected: Its 200002 bytes could not be delivered", task.Error, StringComparison.Ordinal);
        Assert.Equal(TaskStates.Completed, (await coordinator.Client.WaitAsync(small, Stop)).State);
        await DrainAsync(working);
    }

    [Fact]
    public async Task AWorkerThatEnds_WaitsForACoordinatorThatIsAway_NoLongerThanItsLease()
    {
        await using var front = new LyingFront(coordinator.Url);
        await SubmitAsync("1");
        var working = RunAsync(front, (_, _) =>
        {
            front.Lie(FrontAnswer.Page(502));
            return Task.FromResult(TestCoordinator.Json("1"));
        }, TimeSpan.FromSeconds(1));
        await SeeLiesAsync(front, 1);
        await DrainAsync(working);
        Assert.Equal(WorkerOutcome.Dropped, Assert.Single(_events).Outcome);
    }

    [Theory]
    [InlineData("""{"a":"cut \ud83d"}""")]
    [InlineData("\"\\ud800\"")]
    [InlineData(
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[" +
            "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]")]
    public async Task WhatTextCannotHold_PassesThroughAWorker(string json)
    {
        await using var front = new LyingFront(coordinator.Url);
        var id = await SubmitAsync(json);
        var working = RunAsync(front, static (task, _) => Task.FromResult(task.Payload));
        var task = await coordinator.Client.WaitAsync(id, Stop);
        Assert.Equal((TaskStates.Completed, json), (task.State, task.Result?.GetRawText()));
        await DrainAsync(working);
    }

    [Theory]
    [InlineData(70)]
    [InlineData(500)]
    public async Task AResultThatIsTooDeep_FailsItsTaskAlone(int depth)
    {
        await using var front = new LyingFront(coordinator.Url);
        var deep = await SubmitAsync("1");
        var flat = await SubmitAsync("2");
        var working = RunAsync(front, (task, _) => Task.FromResult(
            task.Id == deep
                ? WireText.Parse(System.Text.Encoding.ASCII.GetBytes(new string('[', depth) + new string(']', depth)))
                : default));
        Assert.Contains("levels deep", (await coordinator.Client.WaitAsync(deep, Stop)).Error,
            StringComparison.Ordinal);
        // No value at all is null.
        var task = await coordinator.Client.WaitAsync(flat, Stop);
        Assert.Equal((TaskStates.Completed, JsonValueKind.Null), (task.State, task.Result!.Value.ValueKind));
        await DrainAsync(working);
    }

    [Fact]
    public async Task ABadReport_AndARelease_AreTheirTasksOwn()
    {
        await using var front = new LyingFront(coordinator.Url);
        var bad = await SubmitAsync("1");
        var later = await SubmitAsync("2");
        var working = RunAsync(front, (task, _) =>
        {
            if (task.Id == later) throw new AttemptReleasedException("no room", TimeSpan.FromMinutes(1));
            task.Report(double.NaN);
            return Task.FromResult(task.Payload);
        });
        Assert.Contains("Progress", (await coordinator.Client.WaitAsync(bad, Stop)).Error, StringComparison.Ordinal);
        while (_events.All(happened => happened.Task.Id != later)) await Task.Yield();
        await DrainAsync(working);
        var task = await coordinator.Client.GetAsync(later, Stop);
        Assert.Equal((TaskStates.Scheduled, 0), (task.State, task.Failures));
        Assert.Equal("no room", _events.Single(happened => happened.Task.Id == later).Detail);
    }

    [Theory]
    [InlineData("1e300")]
    [InlineData("1e-4")]
    [InlineData("-1")]
    public async Task ALeaseOfAnyLength_EndsNoWorker(string seconds)
    {
        await using var front = new LyingFront(coordinator.Url);
        front.Lie(Once("/tasks/claim", $$"""
            {"tasks":[{"id":999999,"queue":"{{_queue}}","attempt":1,"leaseToken":"x","leaseSeconds":{{seconds}},
            "leaseExpiresAt":"2026-11-28T15:04:05.123Z","payload":1}]}
            """));
        var working = RunAsync(front, static (task, _) => Task.FromResult(task.Payload));
        await SeeLiesAsync(front, 1);
        Assert.Equal(TaskStates.Completed, (await coordinator.Client.WaitAsync(await SubmitAsync("1"), Stop)).State);
        await DrainAsync(working);
    }

    [Fact]
    public async Task AnOutcomeOfNothing_IsNoOutcome()
    {
        await using var front = new LyingFront(coordinator.Url);
        front.Lie(Once("/tasks/settle", """{"outcomes":[null]}"""));
        var id = await SubmitAsync("1");
        var working = RunAsync(front, static (task, _) => Task.FromResult(task.Payload));
        Assert.Equal(TaskStates.Completed, (await coordinator.Client.WaitAsync(id, Stop)).State);
        Assert.Equal(1, front.Lies);
        await DrainAsync(working);
    }

    [Theory]
    [InlineData(false, new[] { true, true })]
    [InlineData(true, new[] { true, false, false })]
    public async Task HowLongAHandlerTook_IsTold_ButNotToACoordinatorThatKnowsNoSuchTime(bool isOld, bool[] expected)
    {
        var told = new ConcurrentQueue<bool>();
        using var front = new Troublemaker
        {
            Refuses = body =>
            {
                if (!body.Contains("\"complete\"", StringComparison.Ordinal)) return false;
                var isTold = body.Contains("\"runMs\":", StringComparison.Ordinal);
                told.Enqueue(isTold);
                return isOld && isTold;
            },
        };
        var working = new WorkerLoop(coordinator.ClientBehind(front), new() { Queues = [_queue], Concurrency = 1 },
            static (task, _) => Task.FromResult(task.Payload)).RunAsync(_drain.Token);
        for (var i = 0; i < 2; i++)
        {
            var task = await coordinator.Client.WaitAsync(await SubmitAsync("1"), Stop);
            Assert.Equal((TaskStates.Completed, 1), (task.State, task.Attempt));
        }

        await DrainAsync(working);
        Assert.Equal(expected, told);
    }

    private static Func<FrontRequest, FrontAnswer?> Once(string path, string json)
    {
        var count = 0;
        return request => request.Path.EndsWith(path, StringComparison.Ordinal) && Interlocked.Increment(ref count) == 1
            ? FrontAnswer.Json(json) : null;
    }

    private static async Task SeeLiesAsync(LyingFront front, int count)
    {
        while (front.Lies < count) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Stop);
    }

    private Task RunAsync(LyingFront front, TaskHandler handler, TimeSpan? lease = null)
    {
        var http = new HttpClient { BaseAddress = front.Url, Timeout = TimeSpan.FromSeconds(30) };
        var client = new WeftClient(http,
            new() { RetryDelayMin = TimeSpan.FromMilliseconds(10), RetryDelayMax = TimeSpan.FromMilliseconds(100) });
        return new WorkerLoop(client,
            new() { Queues = [_queue], Concurrency = 2, Lease = lease ?? Lease, Observed = _events.Enqueue },
            handler).RunAsync(_drain.Token);
    }

    private Task<long> SubmitAsync(string payload) =>
        coordinator.Client.SubmitAsync(new TaskRequest(WireText.Parse(System.Text.Encoding.UTF8.GetBytes(payload)),
            _queue, MaxAttempts: 1), cancellationToken: Stop);

    private async Task DrainAsync(Task working)
    {
        await _drain.CancelAsync();
        await working.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, Stop);
    }
}
