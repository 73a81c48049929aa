using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Conformance;

public abstract class ClaimConformance(IStoreHost host) : TaskStoreConformance(host)
{
    [Fact]
    public async Task Claim_OfAnEmptyStore_GivesNothing() => Assert.Empty(await ClaimIdsAsync(10, "default", "other"));

    [Fact]
    public async Task Claim_GivesHigherPriorityFirstThenFirstInFirstOut()
    {
        var ids = await SubmitAllAsync(Plain, Plain with { Priority = 5 }, Plain with { Priority = -5 }, Plain,
            Plain with { Priority = 5 });
        await ReopenAsync();
        Assert.Equal([ids[1], ids[4], ids[0], ids[3], ids[2]], await ClaimIdsAsync(10));
    }

    [Fact]
    public async Task Claim_OnSeveralQueues_OrdersAcrossThem()
    {
        var ids = await SubmitAllAsync(Plain with { Queue = "a" }, Plain with { Queue = "b", Priority = 1 },
            Plain with { Queue = "c" }, Plain with { Queue = "a", Priority = 1 }, Plain with { Queue = "b" });
        Assert.Equal([ids[1], ids[3], ids[0], ids[4]], await ClaimIdsAsync(10, "b", "a"));
    }

    [Fact]
    public async Task Claim_OfManyLanes_OrdersAcrossThem_HoweverUnequalTheyAre()
    {
        var tasks = Enumerable.Range(0, 200)
            .Select(static i => Plain with { Queue = $"q{i * i % 16 % 9}", Priority = i % 7 == 0 ? 1 : 0 }).ToArray();
        var ids = await SubmitAllAsync(tasks);
        var queues = tasks.Select(static task => task.Queue).Distinct().ToArray();
        var expected = ids.Zip(tasks).OrderByDescending(static pair => pair.Second.Priority)
            .Select(static pair => pair.First).ToArray();
        Assert.Equal(expected[..50], await ClaimIdsAsync(50, queues));
        Assert.Equal(expected[50..], await ClaimIdsAsync(500, queues));
    }

    [Fact]
    public async Task Claim_OfManyLanes_GetsAllThatItWants_WhereOneOfThemHasItAll()
    {
        var few = Enumerable.Range(0, 31).Select(static i => Plain with { Queue = $"q{i}", Priority = -1 });
        var many = Enumerable.Repeat(Plain with { Queue = "many" }, 300);
        var ids = await SubmitAllAsync([.. few, .. many]);
        string[] queues = ["many", .. Enumerable.Range(0, 31).Select(static i => $"q{i}")];
        Assert.Equal(ids.Skip(31).Take(200), await ClaimIdsAsync(200, queues));
        Assert.Equal(ids.Skip(231).Concat(ids.Take(31)), await ClaimIdsAsync(1_000, queues));
        Assert.Empty(await ClaimIdsAsync(10, queues));
    }

    [Fact]
    public async Task Claim_OnOneQueue_LeavesTheOthersAlone()
    {
        await SubmitAsync(Plain with { Queue = "a" });
        Assert.Empty(await ClaimIdsAsync(10, "b"));
        Assert.Empty(await ClaimIdsAsync(10, "A"));
    }

    [Fact]
    public async Task Claim_OnAQueueNamedTwice_GivesEachTaskOnce()
    {
        var ids = await SubmitAllAsync(Plain, Plain);
        Assert.Equal(ids, await ClaimIdsAsync(10, Limits.QueueDefault, Limits.QueueDefault));
        Assert.Equal(new StateCounts { Leased = 2 }, await CountsAsync());
    }

    [Fact]
    public async Task Claim_GivesNoMoreThanAskedFor()
    {
        var ids = await SubmitAllAsync(Plain, Plain, Plain);
        Assert.Equal(ids.Take(2), await ClaimIdsAsync(2));
        Assert.Equal(ids.Skip(2), await ClaimIdsAsync(2));
    }

    [Fact]
    public async Task Claim_GivesTheRecordThatIsStored()
    {
        await SubmitAsync(Plain with { LeaseTime = TimeSpan.FromSeconds(7), Type = "t" });
        var claimed = await ClaimOneAsync();
        Assert.Equal((TaskState.Leased, 1, "worker"),
            (claimed.Task.State, claimed.Task.Attempt, claimed.Task.WorkerId));
        Assert.Equal(TimeSpan.FromSeconds(7), claimed.Task.Lease!.ExpiresAt - claimed.Task.Lease.ClaimedAt);
        Assert.Equal(claimed.Task, await RecordAsync(claimed.Task.Id));
        await ReopenAsync();
        Assert.Equal(claimed.Task, await RecordAsync(claimed.Task.Id));
    }

    [Fact]
    public async Task Claim_WithALeaseTime_GetsIt()
    {
        await SubmitAsync();
        var claimed =
            Assert.Single(await Store.ClaimAsync(new() { WorkerId = "w", LeaseTime = TimeSpan.FromMinutes(9) }));
        Assert.Equal(TimeSpan.FromMinutes(9), claimed.Task.Lease!.ExpiresAt - claimed.Task.Lease.ClaimedAt);
    }

    [Fact]
    public async Task Claim_OfWhatAnotherWorkerHas_GivesNothing()
    {
        await SubmitAsync();
        await ClaimOneAsync();
        await ReopenAsync();
        Assert.Empty(await ClaimIdsAsync(1));
    }

    [Fact]
    public async Task Claim_ByManyAtOnce_GivesEachTaskOnce()
    {
        var ids = await SubmitAllAsync([.. Enumerable.Repeat(Plain, 100)]);
        var claims = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => Task.Run(() => ClaimIdsAsync(2))));
        Assert.Equal(ids, claims.SelectMany(static claim => claim).OrderBy(static id => id.Value));
    }

    [Fact]
    public async Task Claim_AfterARelease_FindsTheTaskAtItsOldPlace()
    {
        var ids = await SubmitAllAsync(Plain, Plain);
        var claimed = await ClaimOneAsync();
        await AcceptAsync(claimed.Task.Id, new TaskCommand.Release(claimed.Task.Lease!.Token));
        Assert.Equal(ids, await ClaimIdsAsync(2));
    }

    [Fact]
    public async Task Claim_BehindTasksThatHaveExpired_StillGetsWork()
    {
        await SubmitAllAsync([.. Enumerable.Repeat(Plain with { Priority = 1, ExpiresIn = TimeSpan.FromSeconds(5) },
            10)]);
        var id = await SubmitAsync();
        await AdvanceAsync(TimeSpan.FromSeconds(10));
        Assert.Equal([id], await ClaimIdsAsync(1));
    }

    [Fact]
    public async Task Claim_OfAScheduledTask_WaitsForItsTime()
    {
        var id = await SubmitAsync(Plain with { Delay = TimeSpan.FromSeconds(30) });
        await AdvanceAsync(TimeSpan.FromSeconds(10));
        await SweepAsync();
        Assert.Empty(await ClaimIdsAsync(1));
        await AdvanceAsync(TimeSpan.FromSeconds(20));
        await SweepAsync();
        Assert.Equal([id], await ClaimIdsAsync(1));
    }

    [Fact]
    public async Task Claim_OfLargePayloads_StopsAtTheBytesThatOneClaimHandsOut()
    {
        var large = new NewTask { Payload = new(new byte[Limits.ClaimBytesMax / 2 + 1], IsJson: true) };
        var ids = await SubmitAllAsync(large, large, large);
        var first = await ClaimIdsAsync(10);
        Assert.InRange(first.Length, 1, 2);
        Assert.Equal(ids.Skip(first.Length), await ClaimIdsAsync(10));
    }

    [Fact]
    public async Task Claim_AfterALapse_GetsTheCheckpointOfTheEarlierAttempt()
    {
        await SubmitAsync();
        var first = await ClaimOneAsync();
        Assert.Null(first.Checkpoint);
        await AcceptAsync(first.Task.Id, new TaskCommand.Heartbeat(first.Task.Lease!.Token, Checkpoint: Bytes("half")));
        await AcceptAsync(first.Task.Id, new TaskCommand.Heartbeat(first.Task.Lease.Token, Checkpoint: Bytes("more")));
        await AdvanceAsync(TimeSpan.FromMinutes(2));
        await ReopenAsync();
        await SweepAsync();

        var second = await ClaimOneAsync();
        Assert.Equal(Bytes("more"), second.Checkpoint!.Value.ToArray());
        Assert.Equal(2, second.Task.Attempt);
        Assert.NotEqual(first.Task.Lease.Token, second.Task.Lease!.Token);
        Assert.Equal(Bytes("more"), (await FindAsync(first.Task.Id, TaskParts.Checkpoint)).Checkpoint!.Value.ToArray());
    }
}
