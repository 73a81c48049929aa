using Weft.Client.Work;
using Weft.Contracts;
using Weft.Testing.Fronts;

namespace Weft.Client.Tests;

public sealed class MapTests(TestCoordinator coordinator) : IClassFixture<TestCoordinator>, IAsyncDisposable
{
    private readonly string _queue = TestCoordinator.NewQueue();
    private readonly CancellationTokenSource _drain = new();
    private Task _working = Task.CompletedTask;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _drain.CancelAsync();
        await _working;
        _drain.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1_000)]
    public async Task Map_GivesAllResults_InOrder(int inFlightMax)
    {
        Work();
        var results = await MapAsync(Enumerable.Range(0, 250), new() { InFlightMax = inFlightMax }).ToListAsync(Stop);
        Assert.Equal(Enumerable.Range(0, 250).Select(static i => (long)i),
            results.Select(static result => result.Index));
        Assert.All(results,
            static result =>
            Assert.Equal(((long)result.Input.Number * result.Input.Number, null),
            (result.Output!.Value, result.Error)));
    }

    [Fact]
    public async Task Map_AsFinished_GivesEachAsItComes()
    {
        await using var results = MapAsync([0, 1], new() { Ordered = false }).GetAsyncEnumerator(Stop);
        var first = results.MoveNextAsync().AsTask();
        IReadOnlyList<ClaimedTask> tasks = [];
        while (tasks.Count < 2)
        {
            tasks = [.. tasks, .. await coordinator.Client.ClaimAsync(new("w", [_queue], Max: 2, Wait: 5), Stop)];
        }
        await CompleteAsync(tasks[1]);
        Assert.True(await first);
        Assert.Equal(1, results.Current.Index);
        await CompleteAsync(tasks[0]);
        Assert.True(await results.MoveNextAsync());
        Assert.Equal(0, results.Current.Index);
        Assert.False(await results.MoveNextAsync());
    }

    [Fact]
    public async Task Map_TakesNoMoreInputs_ThanMayBeInFlight()
    {
        Work();
        var taken = 0;
        var given = 0;
        await foreach (var _ in MapAsync(Enumerable.Range(0, 100).Select(i => { taken = i + 1; return i; }),
            new() { InFlightMax = 8 }))
        {
            Assert.InRange(taken - given, 1, 8);
            given++;
        }

        Assert.Equal(100, given);
    }

    [Fact]
    public async Task Map_SaysOfEachInput_WhyThereIsNoResult()
    {
        Work();
        var results = await MapAsync([1, -1, 2], new() { Submit = new() { Queue = _queue, MaxAttempts = 1 } })
            .ToListAsync(Stop);
        Assert.Equal([null, "negative", null], results.Select(static result => result.Error));

        var refused = await MapAsync([1], new() { Submit = new() { Queue = _queue, Priority = 200 } })
            .ToListAsync(Stop);
        Assert.Null(Assert.Single(refused).TaskId);
        Assert.Contains("priority", refused[0].Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AReaderWhoStops_CancelsWhatIsUnfinished()
    {
        await using (var results = MapAsync([1, 2, 3], new() { Ordered = false }).GetAsyncEnumerator(Stop))
        {
            var first = results.MoveNextAsync().AsTask();
            var task = Assert.Single(await coordinator.Client.ClaimAsync(new("w", [_queue], Wait: 20), Stop));
            await CompleteAsync(task);
            Assert.True(await first);
        }

        var states = await coordinator.Client.ListAsync(new() { Queue = _queue }, Stop)
            .Select(static task => task.State).ToListAsync(Stop);
        Assert.Equal([TaskStates.Completed, TaskStates.Cancelled, TaskStates.Cancelled], states);
    }

    [Fact]
    public async Task Map_OfNothing_IsNothing_AndWhatAnInputThrowsIsThrown()
    {
        Assert.Empty(await MapAsync([], new()).ToListAsync(Stop));
        var broken = Enumerable.Range(0, 3)
            .Select(static i => i < 2 ? i : throw new InvalidOperationException("no more"));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await MapAsync(broken, new())
            .ToListAsync(Stop));
    }

    [Fact]
    public async Task AReaderSlowerThanRetention_IsToldOfEachResultThatIsGone()
    {
        await using var front = new LyingFront(coordinator.Url);
        using var http = new HttpClient { BaseAddress = front.Url };
        // What the coordinator says when retention has deleted the tasks before anybody asked.
        front.Lie(static request =>
            request.Path.Contains("/results", StringComparison.Ordinal)
                ? FrontAnswer.Lines("""{"cursor":"c","done":true}""") :
            request.Method == "GET"
                ? FrontAnswer.Problem(404, ProblemCodes.TaskNotFound, "It never existed, or retention has deleted it.")
                : null);
        var client = new WeftClient(http);
        var options = new MapOptions { Submit = new() { Queue = _queue } };
        var results = await client.MapAsync([1, 2, 3], TestJson.Default.Int32, TestJson.Default.Int32, options, Stop)
            .ToListAsync(Stop);
        Assert.All(results,
            static result => Assert.Contains("retention deleted the result", result.Error, StringComparison.Ordinal));
        Assert.Equal([0, 1, 2], results.Select(static result => result.Index));
    }

    [Fact]
    public async Task AProxysLimit_SplitsTheBatch_AndWhatIsTooLargeByItselfIsRefusedAlone()
    {
        await using var front = new LyingFront(coordinator.Url);
        using var http = new HttpClient { BaseAddress = front.Url };
        front.Lie(static request => request.Length > 2_000 ? FrontAnswer.Page(413) : null);
        var payloads = Enumerable.Range(0, 10)
            .Select(static i => TestCoordinator.Json($"\"{new string('я', i == 5 ? 2_000 : 300)}\""));
        var outcomes = await new WeftClient(http)
            .SubmitBatchAsync(payloads.Select(payload => new TaskRequest(payload, _queue)), cancellationToken: Stop);
        Assert.Equal(10, outcomes.Count);
        Assert.Equal((413, ProblemCodes.PayloadTooLarge), (outcomes[5].Status, outcomes[5].Code));
        Assert.Equal(9, outcomes.Count(static outcome => outcome.Status == 201));
    }

    private IAsyncEnumerable<MapResult<Job, Square>> MapAsync(IEnumerable<int> numbers, MapOptions options)
    {
        var chosen = options with { Submit = options.Submit.Queue is null ? new() { Queue = _queue } : options.Submit };
        return coordinator.Client.MapAsync(numbers.Select(static number => new Job(number)), TestJson.Default.Job,
            TestJson.Default.Square, chosen, Stop);
    }

    private void Work()
    {
        var handler = TaskHandlers.Typed(TestJson.Default.Job, TestJson.Default.Square, static (job, _, _) =>
            job.Number < 0
                ? throw new AttemptFailedException("negative")
                : Task.FromResult(new Square(job.Number, (long)job.Number * job.Number)));
        _working = new WorkerLoop(coordinator.Client, new() { Queues = [_queue], Concurrency = 4 }, handler)
            .RunAsync(_drain.Token);
    }

    private async Task CompleteAsync(ClaimedTask task)
    {
        var item = new SettleItem(task.LeaseToken, "complete", task.Id,
            Result: TestCoordinator.Json("""{"Number":0,"Value":0}"""));
        Assert.Equal(200,
            Assert.Single((await coordinator.Client.SettleAsync(new([item], WorkerId: "w"), Stop)).Outcomes).Status);
    }
}
