using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Conformance;

public abstract class SweepConformance(IStoreHost host) : TaskStoreConformance(host)
{
    [Fact]
    public async Task Sweep_OfLeasesThatRanOut_GivesTheTasksBack()
    {
        var ids = await SubmitAllAsync(Plain, Plain with { LeaseTime = TimeSpan.FromHours(1) });
        await ClaimIdsAsync(2);
        Assert.Equal(0, await SweepAsync());
        await ReopenAsync();
        await AdvanceAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(1, await SweepAsync());
        Assert.Equal(0, await SweepAsync());
        Assert.Equal([ids[0]], await ClaimIdsAsync(2));
    }

    [Fact]
    public async Task Sweep_OfTheLastAttempt_KillsTheTask()
    {
        var id = await SubmitAsync(Plain with { MaxAttempts = 2 });
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            Assert.Equal(attempt, (await ClaimOneAsync()).Task.Attempt);
            await AdvanceAsync(TimeSpan.FromMinutes(2));
            Assert.Equal(1, await SweepAsync());
        }

        var task = await RecordAsync(id);
        Assert.Equal((TaskState.Dead, 2), (task.State, task.Failures));
        Assert.Contains("worker", task.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sweep_OfExpiredTasks_KillsThemInEveryUnfinishedState()
    {
        var mortal = Plain with { ExpiresIn = TimeSpan.FromSeconds(20) };
        var ids = await SubmitAllAsync(mortal, mortal, mortal with { Delay = TimeSpan.FromSeconds(10) },
            mortal with { Delay = TimeSpan.FromSeconds(90) }, Plain);
        await ClaimIdsAsync(1);
        await ReopenAsync();
        await AdvanceAsync(TimeSpan.FromSeconds(25));
        Assert.Equal(4, await SweepAsync());
        foreach (var id in ids.Take(4))
        {
            var task = await RecordAsync(id);
            Assert.Equal(TaskState.Dead, task.State);
            Assert.Contains("expired", task.Error, StringComparison.Ordinal);
        }

        Assert.Equal(new StateCounts { Dead = 4, Ready = 1 }, await CountsAsync());
    }

    [Fact]
    public async Task Sweep_MovesNoMoreThanAskedFor()
    {
        await SubmitAllAsync([.. Enumerable.Repeat(Plain with { Delay = TimeSpan.FromSeconds(1) }, 5)]);
        await AdvanceAsync(TimeSpan.FromSeconds(2));
        Assert.Equal((2, 2, 1, 0),
            (await Store.SweepAsync(2), await Store.SweepAsync(2), await Store.SweepAsync(2),
                await Store.SweepAsync(2)));
    }

    [Fact]
    public async Task Sweep_LeavesFinishedTasksAlone()
    {
        var id = await SubmitAsync(Plain with { ExpiresIn = TimeSpan.FromSeconds(5) });
        await CompleteAsync(await ClaimOneAsync());
        await AdvanceAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(0, await SweepAsync());
        Assert.Equal(TaskState.Completed, await StateAsync(id));
    }
}
