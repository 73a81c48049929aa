using Weft.Contracts;

namespace Weft.Client.Tests;

/// <summary>What a client asks about tasks beside their records: filters, attempts, explanations; and seals.</summary>
public sealed class HistoryTests(TestCoordinator coordinator) : IClassFixture<TestCoordinator>
{
    private readonly string _queue = TestCoordinator.NewQueue();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Attempts_AndTheExplanation_FollowTheTask()
    {
        var client = coordinator.Client;
        var id = await client.SubmitAsync(new(TestCoordinator.Json("1"), _queue), cancellationToken: Stop);
        Assert.Equal(ReasonCodes.NoWorkerOnQueue, Assert.Single((await client.ExplainAsync(id, Stop)).Reasons).Code);
        await FailOneAsync();
        var explained = await client.ExplainAsync(id, Stop);
        Assert.Equal((TaskStates.Dead, ReasonCodes.Finished),
            (explained.State, Assert.Single(explained.Reasons).Code));

        var attempt = Assert.Single(await client.ListAttemptsAsync(id, Stop));
        Assert.Equal((1, "w", AttemptOutcomes.Failed, "no luck"),
            (attempt.Attempt, attempt.WorkerId, attempt.Outcome, attempt.Error));
        Assert.True(attempt.EndedAt >= attempt.ClaimedAt);
    }

    [Fact]
    public async Task AFilter_HasEachOfItsMembers()
    {
        var client = coordinator.Client;
        var id = await client.SubmitAsync(
            new(TestCoordinator.Json("\"a & b\""), _queue, "t", Priority: 5), cancellationToken: Stop);
        await client.SubmitAsync(new(TestCoordinator.Json("2"), _queue), cancellationToken: Stop);
        await FailOneAsync();
        var future = new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.FromHours(5));
        TaskFilter all = new() { Queue = _queue };
        TaskFilter[] filters =
        [
            all with { Type = "t" }, all with { Priority = 5 }, all with { ErrorText = "no l" },
            all with { PayloadText = "a & b" }, all with { FinishedBefore = future },
            all with { WorkerId = "w", State = TaskStates.Dead, SubmittedBefore = future },
        ];
        foreach (var filter in filters) Assert.Equal([id], await IdsAsync(filter));
        Assert.Empty(await IdsAsync(all with { SubmittedAfter = future }));
        Assert.Empty(await IdsAsync(all with { FinishedAfter = future }));
    }

    [Fact]
    public async Task SealedGroup_RefusesTasks()
    {
        var client = coordinator.Client;
        var group = await client.CreateGroupAsync(cancellationToken: Stop);
        Assert.Null(group.SealedAt);
        var closed = await client.SealGroupAsync(group.Id, Stop);
        Assert.NotNull(closed.SealedAt);
        Assert.Equal(closed.SealedAt, (await client.SealGroupAsync(group.Id, Stop)).SealedAt);
        TaskRequest late = new(TestCoordinator.Json("1"), _queue, Group: group.Id);
        var refused = await Assert.ThrowsAsync<WeftException>(
            () => client.SubmitAsync(late, cancellationToken: Stop));
        Assert.Equal((ProblemCodes.GroupSealed, false), (refused.Code, refused.IsTransient));
    }

    private async Task FailOneAsync()
    {
        var task = Assert.Single(await coordinator.Client.ClaimAsync(new("w", [_queue]), Stop));
        var failed = new SettleItem(task.LeaseToken, "fail", task.Id, Error: "no luck", Retry: false);
        await coordinator.Client.SettleAsync(new([failed], WorkerId: "w"), Stop);
    }

    private async Task<List<long>> IdsAsync(TaskFilter filter) =>
        await coordinator.Client.ListAsync(filter, Stop).Select(static task => task.Id).ToListAsync(Stop);
}
