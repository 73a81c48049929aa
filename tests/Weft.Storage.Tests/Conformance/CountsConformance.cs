using Weft.Core;
using Weft.Core.Matching;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Conformance;

public abstract class CountsConformance(IStoreHost host) : TaskStoreConformance(host)
{
    [Fact]
    public async Task Count_FollowsATaskThroughItsStates()
    {
        var id = await SubmitAsync(Plain with { Delay = TimeSpan.FromSeconds(1), MaxAttempts = 1 });
        await AssertCountsAsync(new() { Scheduled = 1 });
        await AdvanceAsync(TimeSpan.FromSeconds(2));
        await SweepAsync();
        await AssertCountsAsync(new() { Ready = 1 });
        await FailAsync(await ClaimOneAsync());
        await AssertCountsAsync(new() { Dead = 1 });
        await AcceptAsync(id, TaskCommand.Retry.Instance);
        var claimed = await ClaimOneAsync();
        await AssertCountsAsync(new() { Leased = 1 });
        await CompleteAsync(claimed);
        await AssertCountsAsync(new() { Completed = 1 });
        await AcceptAsync(await SubmitAsync(), TaskCommand.Cancel.Instance);
        await AssertCountsAsync(new() { Completed = 1, Cancelled = 1 });
    }

    [Fact]
    public async Task Count_OfAQueueWhoseTasksAreAllDeleted_IsGone_UntilItIsUsedAgain()
    {
        await AcceptAsync(await SubmitAsync(), TaskCommand.Cancel.Instance);
        await AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await Store.DeleteFinishedAsync(TimeSpan.FromMinutes(1), 10));
        Assert.Empty(await Store.CountAsync());
        var id = await SubmitAsync();
        await ReopenAsync();
        await AssertCountsAsync(new() { Ready = 1 });
        Assert.Equal([id], await ClaimIdsAsync(2));
    }

    [Fact]
    public async Task Count_TellsTheQueuesApartAndSortsThem()
    {
        await SubmitAllAsync(Plain with { Queue = "b" }, Plain with { Queue = "a" }, Plain with { Queue = "b" });
        await ClaimIdsAsync(1, "b");
        await Store.SetPausedAsync("c", paused: true);
        await ReopenAsync();
        Assert.Equal(
            [new QueueCounts("a", false, new() { Ready = 1 }), new("b", false, new() { Ready = 1, Leased = 1 }),
                new("c", true, default)],
            await Store.CountAsync());
    }

    [Fact]
    public async Task WhatIsReady_IsListedByQueueAndRequirements()
    {
        var simd = Requirements.Parse("simd");
        await SubmitAllAsync(Plain, Plain with { Queue = "b" }, Plain with { Queue = "b", Requires = simd },
            Plain with { Queue = "b", Requires = simd }, Plain with { Delay = TimeSpan.FromHours(1) });
        await ClaimIdsAsync(1);
        await Store.SetPausedAsync("b", paused: true);
        ReadyTasks[] expected = [new("b", Requirements.None, 1), new("b", simd, 2)];
        Assert.Equal(expected, await Store.ListReadyAsync());
        await ReopenAsync();
        Assert.Equal(expected, await Store.ListReadyAsync());
    }

    [Fact]
    public async Task Count_AfterWhatWasRefused_IsTheSame()
    {
        var id = await SubmitAsync();
        await ClaimOneAsync();
        await ApplyAsync(id, new TaskCommand.Complete(new LeaseToken(1), Bytes("1")));
        await ApplyAsync(id, TaskCommand.Retry.Instance);
        await Store.SubmitAsync(new([Plain, Plain with { Group = new(5) }]));
        await AssertCountsAsync(new() { Leased = 1 });
    }

    [Fact]
    public async Task Count_AfterManyAtOnce_EqualsTheTasks()
    {
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(async () =>
        {
            var ids = await SubmitAllAsync(Plain, Plain with { Queue = $"q{i % 3}" });
            await AcceptAsync(ids[0],
                i % 2 == 0 ? TaskCommand.Cancel.Instance : new TaskCommand.Complete(null, Bytes("1")));
        })));
        await AssertCountsAsync(new() { Completed = 20, Cancelled = 20 });
        Assert.Equal(40,
            (await Store.CountAsync()).Where(static counts => counts.Queue != Limits.QueueDefault)
                .Sum(static counts => counts.Counts.Ready));
    }

    private async Task AssertCountsAsync(StateCounts counts)
    {
        Assert.Equal(counts, await CountsAsync());
        await ReopenAsync();
        Assert.Equal(counts, await CountsAsync());
    }
}
