using Weft.Contracts;

namespace Weft.Client.Tests;

/// <summary>Operations on many tasks.</summary>
public sealed class OperationTests(TestCoordinator coordinator) : IClassFixture<TestCoordinator>
{
    private readonly string _queue = TestCoordinator.NewQueue();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnOperation_IsStarted_WaitedFor_AndListed()
    {
        var client = coordinator.Client;
        var ids = new List<long>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add(await client.SubmitAsync(new(TestCoordinator.Json("1"), _queue), cancellationToken: Stop));
        }

        TaskFilter all = new() { Queue = _queue };
        Assert.Equal(new OperationMatch(3, true),
            (await client.CountOperationAsync(OperationActions.Cancel, all, cancellationToken: Stop)).Matched);
        var named = await client.StartOperationAsync(OperationActions.Priority, [ids[0]], 9, Stop);
        Assert.Equal((1, 9), (named.Ids, named.Priority));
        Assert.Equal(1, (await client.WaitForOperationAsync(named.Id, cancellationToken: Stop)).Changed);

        var seen = new List<Operation>();
        var started = await client.StartOperationAsync(OperationActions.Cancel, all, cancellationToken: Stop);
        var done = await client.WaitForOperationAsync(started.Id, seen.Add, Stop);
        Assert.Equal((OperationStates.Finished, 3, 3), (done.State, done.Matched, done.Changed));
        Assert.Equal((done, _queue), (seen[^1], done.Filter!.Queue));
        Assert.Equal(done, await client.GetOperationAsync(started.Id, Stop));
        Assert.Equal(done, await client.StopOperationAsync(started.Id, Stop));
        Assert.Equal([started.Id, named.Id],
            await client.ListOperationsAsync(Stop).Take(2).Select(static each => each.Id).ToListAsync(Stop));
    }

    [Fact]
    public async Task AnOperationThatIsNotThere_IsAProblem()
    {
        var refused =
            await Assert.ThrowsAsync<WeftException>(() => coordinator.Client.GetOperationAsync(999_999, Stop));
        Assert.Equal(ProblemCodes.OperationNotFound, refused.Code);
    }
}
