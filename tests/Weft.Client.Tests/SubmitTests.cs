using System.Net;
using Weft.Contracts;

namespace Weft.Client.Tests;

public sealed class SubmitTests(TestCoordinator coordinator) : IClassFixture<TestCoordinator>
{
    private readonly string _queue = TestCoordinator.NewQueue();

    [Fact]
    public async Task Submit_StoresTheTask_WithAllItsOptions()
    {
        var stop = TestContext.Current.CancellationToken;
        var group = await coordinator.Client.CreateGroupAsync("run", stop);
        var id = await coordinator.Client.SubmitAsync(new Job(7), TestJson.Default.Job, new()
        {
            Queue = _queue, Type = "square", Priority = 5, Delay = TimeSpan.FromMinutes(1), MaxAttempts = 3,
                Lease = TimeSpan.FromSeconds(90),
            ExpiresIn = TimeSpan.FromHours(1), Group = group.Id, Requires = ["simd"],
        }, cancellationToken: stop);

        var task = await coordinator.Client.GetAsync(id, stop);
        Assert.Equal(("square", 5, 3, 90.0, group.Id),
            (task.Type, task.Priority, task.MaxAttempts, task.LeaseSeconds, task.Group));
        Assert.Equal(TaskStates.Scheduled, task.State);
        Assert.Equal(TimeSpan.FromMinutes(1), task.RunAt - task.SubmittedAt);
        Assert.Equal(TimeSpan.FromHours(1), task.ExpiresAt - task.SubmittedAt);
        Assert.Equal(["simd"], task.Requires!);
        Assert.Equal("""{"Number":7}""", task.Payload!.Value.GetRawText());
    }

    [Fact]
    public async Task Submit_WhoseAnswersAreLost_IsOneTask()
    {
        var stop = TestContext.Current.CancellationToken;
        var trouble = new Troublemaker().LoseAnswers(2);
        var id = await coordinator.ClientBehind(trouble)
            .SubmitAsync(1, TestJson.Default.Int32, new() { Queue = _queue }, cancellationToken: stop);

        Assert.Equal(3, trouble.Sent);
        Assert.Equal([id], await IdsAsync(stop));
    }

    [Fact]
    public async Task Submit_WithTheSameKey_AnswersTheSameTask()
    {
        var stop = TestContext.Current.CancellationToken;
        var request = new TaskRequest(TestCoordinator.Json("1"), _queue);
        var first = await coordinator.Client.SubmitAsync(request, _queue, stop);
        Assert.Equal(first, await coordinator.Client.SubmitAsync(request, _queue, stop));

        var refused = await Assert.ThrowsAsync<WeftException>(() =>
            coordinator.Client.SubmitAsync(request with { Priority = 1 }, _queue, stop));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, ProblemCodes.IdempotencyMismatch, false),
            (refused.Status, refused.Code, refused.IsTransient));
    }

    [Fact]
    public async Task SubmitBatch_WhoseAnswerIsLost_IsOneBatch_AndABadOneDoesNotSpoilTheOthers()
    {
        var stop = TestContext.Current.CancellationToken;
        var trouble = new Troublemaker().LoseAnswers(1);
        TaskRequest[] tasks = [new(TestCoordinator.Json("1"), _queue),
            new(TestCoordinator.Json("2"), _queue, Priority: 200), new(TestCoordinator.Json("3"), _queue)];
        var outcomes = await coordinator.ClientBehind(trouble).SubmitBatchAsync(tasks, cancellationToken: stop);

        Assert.Equal([200, 400, 200], outcomes.Select(static outcome => outcome.Status));
        Assert.Equal([outcomes[0].Id!.Value, outcomes[2].Id!.Value], await IdsAsync(stop));
        Assert.Equal((ProblemCodes.InvalidRequest, true),
            (outcomes[1].Code, outcomes[1].Detail!.Contains("priority", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(2_500, 1, 3)]
    [InlineData(40, 1_000_000, 2)]
    public async Task SubmitBatch_LargerThanARequestMayBe_TakesAsManyAsItNeeds(int count, int payloadLength,
        int requests)
    {
        var stop = TestContext.Current.CancellationToken;
        var trouble = new Troublemaker();
        var payload = TestCoordinator.Json($"\"{new string('x', payloadLength)}\"");
        var outcomes = await coordinator.ClientBehind(trouble)
            .SubmitBatchAsync(Enumerable.Repeat(new TaskRequest(payload, _queue), count), cancellationToken: stop);

        Assert.All(outcomes, static outcome => Assert.Equal(201, outcome.Status));
        Assert.Equal(count, outcomes.Select(static outcome => outcome.Id).Distinct().Count());
        Assert.Equal(requests, trouble.Sent);
    }

    private async Task<List<long>> IdsAsync(CancellationToken stop) =>
        await coordinator.Client.ListAsync(new() { Queue = _queue }, stop).Select(static task => task.Id)
            .ToListAsync(stop);
}
