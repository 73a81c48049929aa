using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Conformance;

public abstract class AttemptConformance(IStoreHost host) : TaskStoreConformance(host)
{
    [Fact]
    public async Task Fail_GivesTheTaskBackAndSaysWhy()
    {
        var id = await SubmitAsync();
        await FailAsync(await ClaimOneAsync());
        await ReopenAsync();
        var task = await RecordAsync(id);
        Assert.Equal((TaskState.Ready, 1, "broken"), (task.State, task.Failures, task.Error));
        Assert.Null(task.Lease);
    }

    [Fact]
    public async Task Fail_WithABackoff_WaitsForIt()
    {
        var id = await SubmitAsync();
        var claimed = await ClaimOneAsync();
        await AcceptAsync(id, new TaskCommand.Fail(claimed.Task.Lease!.Token, "broken", MayRetry: true, Jitter: 0.9));
        Assert.Equal(TaskState.Scheduled, await StateAsync(id));
        await AdvanceAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(1, await SweepAsync());
        Assert.Equal(2, (await ClaimOneAsync()).Task.Attempt);
    }

    [Fact]
    public async Task Fail_OfTheLastAttempt_KillsTheTaskVisibly()
    {
        var id = await SubmitAsync(Plain with { MaxAttempts = 2 });
        await FailAsync(await ClaimOneAsync());
        await FailAsync(await ClaimOneAsync());
        await ReopenAsync();
        var task = await RecordAsync(id);
        Assert.Equal((TaskState.Dead, 2, "broken"), (task.State, task.Failures, task.Error));
        Assert.Empty(await ClaimIdsAsync(1));
    }

    [Fact]
    public async Task WhoeverFailedATask_IsInItsRecord_HoweverItFailed()
    {
        var (failed, lapsed, released) =
            (await SubmitAsync(), await SubmitAsync(Plain with { MaxAttempts = 1 }), await SubmitAsync());
        Assert.Null((await RecordAsync(failed)).WorkerId);
        await FailAsync(await ClaimOneAsync(), mayRetry: false);
        await ClaimOneAsync();
        var held = await ClaimOneAsync();
        await AcceptAsync(released, new TaskCommand.Release(held.Task.Lease!.Token));
        await AdvanceAsync(TimeSpan.FromMinutes(2));
        await SweepAsync();
        await ReopenAsync();
        foreach (var id in (TaskId[])[failed, lapsed, released])
            Assert.Equal("worker", (await RecordAsync(id)).WorkerId);
        Assert.Equal((TaskState.Dead, TaskState.Dead, TaskState.Ready),
            (await StateAsync(failed), await StateAsync(lapsed), await StateAsync(released)));
        var listed = (await Store.ListAsync(new(State: TaskState.Dead), null, 10)).Tasks;
        Assert.Equal(["worker", "worker"], listed.Select(static task => task.WorkerId));
    }

    [Fact]
    public async Task Fail_ForGood_KillsTheTaskAtOnce()
    {
        var id = await SubmitAsync();
        await FailAsync(await ClaimOneAsync(), mayRetry: false);
        Assert.Equal(TaskState.Dead, await StateAsync(id));
    }

    [Fact]
    public async Task Fail_AfterALapse_IsNotCountedTwice()
    {
        var id = await SubmitAsync();
        var claimed = await ClaimOneAsync();
        await AdvanceAsync(TimeSpan.FromMinutes(2));
        await SweepAsync();
        await FailAsync(claimed);
        Assert.Equal(1, (await RecordAsync(id)).Failures);
    }

    [Fact]
    public async Task Fail_ThenComplete_KeepsTheErrorAndTheResult()
    {
        var id = await SubmitAsync();
        await FailAsync(await ClaimOneAsync());
        await CompleteAsync(await ClaimOneAsync());
        var found = await FindAsync(id, TaskParts.Result);
        Assert.Equal((TaskState.Completed, "broken"), (found.Task.State, found.Task.Error));
        Assert.NotNull(found.Result);
    }

    [Fact]
    public async Task Release_BurnsNoAttempt()
    {
        var id = await SubmitAsync(Plain with { MaxAttempts = 1 });
        for (var i = 0; i < 3; i++)
        {
            var claimed = await ClaimOneAsync();
            await AcceptAsync(id, new TaskCommand.Release(claimed.Task.Lease!.Token));
            Assert.Equal(Refusal.StaleLease,
                await ApplyAsync(id, new TaskCommand.Complete(claimed.Task.Lease.Token, Bytes("1"))));
        }

        var task = await RecordAsync(id);
        Assert.Equal((TaskState.Ready, 3, 0), (task.State, task.Attempt, task.Failures));
    }

    [Fact]
    public async Task Release_ForLater_WaitsForItsTime()
    {
        var id = await SubmitAsync();
        var claimed = await ClaimOneAsync();
        await AcceptAsync(id, new TaskCommand.Release(claimed.Task.Lease!.Token, TimeSpan.FromSeconds(30)));
        Assert.Empty(await ClaimIdsAsync(1));
        await AdvanceAsync(TimeSpan.FromSeconds(30));
        await SweepAsync();
        Assert.Equal([id], await ClaimIdsAsync(1));
    }

    [Fact]
    public async Task Heartbeat_KeepsTheLeaseAlive()
    {
        var id = await SubmitAsync();
        var claimed = await ClaimOneAsync();
        await AdvanceAsync(TimeSpan.FromSeconds(40));
        await AcceptAsync(id, new TaskCommand.Heartbeat(claimed.Task.Lease!.Token, Progress: 0.25));
        await AdvanceAsync(TimeSpan.FromSeconds(40));
        await ReopenAsync();
        Assert.Equal(0, await SweepAsync());
        var task = await RecordAsync(id);
        Assert.Equal((TaskState.Leased, 0.25), (task.State, task.Progress));
        await AdvanceAsync(TimeSpan.FromSeconds(40));
        Assert.Equal(1, await SweepAsync());
    }

    [Fact]
    public async Task Heartbeat_AfterALapse_TakesTheTaskBack()
    {
        var id = await SubmitAsync();
        var claimed = await ClaimOneAsync();
        await AdvanceAsync(TimeSpan.FromMinutes(2));
        await SweepAsync();
        await AcceptAsync(id, new TaskCommand.Heartbeat(claimed.Task.Lease!.Token));
        Assert.Empty(await ClaimIdsAsync(1));
        Assert.Equal(new StateCounts { Leased = 1 }, await CountsAsync());
        await CompleteAsync(claimed);
    }

    [Fact]
    public async Task Retry_RunsADeadTaskAgainWithAllItsAttempts()
    {
        var id = await SubmitAsync(Plain with { MaxAttempts = 1 });
        Assert.Equal(Refusal.NotDead, await ApplyAsync(id, TaskCommand.Retry.Instance));
        await FailAsync(await ClaimOneAsync());
        await AcceptAsync(id, TaskCommand.Retry.Instance);
        await ReopenAsync();
        var task = await RecordAsync(id);
        Assert.Equal((TaskState.Ready, 0, 1), (task.State, task.Failures, task.Attempt));
        await CompleteAsync(await ClaimOneAsync(), "2");
        Assert.Equal(Bytes("2"), (await FindAsync(id, TaskParts.Result)).Result!.Value.ToArray());
    }
}
