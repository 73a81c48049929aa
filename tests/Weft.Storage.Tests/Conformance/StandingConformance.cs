using Weft.Core.Explaining;
using Weft.Core.Matching;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Conformance;

/// <summary>What stands before a task in its queue.</summary>
public abstract class StandingConformance(IStoreHost host) : TaskStoreConformance(host)
{
    [Fact]
    public async Task Ahead_CountsWhatIsClaimedBefore_WithTheSameRequirements()
    {
        var ids = await SubmitAllAsync(
            Plain, Plain, Plain with { Priority = 5 }, Plain with { Priority = -5 },
            Plain with { Requires = Requirements.Parse("simd") },
            Plain with { Queue = "other" }, Plain with { Delay = TimeSpan.FromHours(1) }, Plain);
        await ReopenAsync();
        var ahead = new List<int>();
        foreach (var id in ids) ahead.Add((await StandingAsync(id)).Ahead);
        Assert.Equal([1, 2, 0, 4, 0, 0, 0, 3], ahead);
        // Once it is claimed, nothing is ahead of it.
        Assert.Equal([ids[2]], await ClaimIdsAsync(1));
        Assert.Equal((0, 0), ((await StandingAsync(ids[2])).Ahead, (await StandingAsync(ids[0])).Ahead));
    }

    [Fact]
    public async Task Standing_SaysWhetherTheQueueIsPaused()
    {
        var (paused, other) = (await SubmitAsync(Plain with { Queue = "paused" }), await SubmitAsync());
        await Store.SetPausedAsync("paused", paused: true);
        Assert.True((await StandingAsync(paused)).QueueIsPaused);
        Assert.False((await StandingAsync(other)).QueueIsPaused);
    }

    [Fact]
    public async Task Finishes_AreThoseOfTheSameQueueAndRequirements_TheNewestFirst()
    {
        await SubmitAllAsync(Plain, Plain, Plain, Plain with { Queue = "other" });
        await CompleteAsync(await ClaimOneAsync());
        await AdvanceAsync(TimeSpan.FromSeconds(2));
        await FailAsync(await ClaimOneAsync(), mayRetry: false);
        await AcceptAsync(Assert.Single(await ClaimIdsAsync(1)), TaskCommand.Cancel.Instance);
        await AcceptAsync(Assert.Single(await ClaimIdsAsync(1, "other")), new TaskCommand.Complete(null, Bytes("1")));
        var waiting = await SubmitAsync();
        var finishes = (await StandingAsync(waiting)).Finishes;
        Assert.Equal(2, finishes.Count);
        Assert.InRange(finishes[0] - finishes[1], TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Standing_HasTheTaskWithItsAttempts()
    {
        var id = await SubmitAsync();
        await FailAsync(await ClaimOneAsync());
        var standing = await StandingAsync(id);
        Assert.Equal(await RecordAsync(id), standing.History.Task);
        Assert.Equal(AttemptOutcome.Failed, Assert.Single(standing.History.Attempts).Outcome);
        Assert.Null(await Store.FindStandingAsync(new(id.Value + 1)));
    }

    private async Task<TaskStanding> StandingAsync(TaskId id)
    {
        var standing = await Store.FindStandingAsync(id);
        Assert.NotNull(standing);
        return standing;
    }
}
