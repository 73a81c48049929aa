using Weft.Core;
using Weft.Core.Storage;

namespace Weft.Storage.Tests.Conformance;

public abstract class PauseConformance(IStoreHost host) : TaskStoreConformance(host)
{
    [Fact]
    public async Task PausedQueue_GivesNothingUntilItIsResumed()
    {
        var ids = await SubmitAllAsync(Plain, Plain with { Queue = "other" });
        await PauseAsync(true);
        await ReopenAsync();
        Assert.Equal([ids[1]], await ClaimIdsAsync(10, Limits.QueueDefault, "other"));
        await PauseAsync(false);
        Assert.Equal([ids[0]], await ClaimIdsAsync(10));
    }

    [Fact]
    public async Task PausedQueue_TakesWhatIsSubmittedAndSettled()
    {
        await SubmitAsync();
        var claimed = await ClaimOneAsync();
        await PauseAsync(true);
        await SubmitAsync();
        await CompleteAsync(claimed);
        Assert.Equal(new StateCounts { Ready = 1, Completed = 1 }, await CountsAsync());
    }

    [Fact]
    public async Task Pause_Twice_IsResumedAtOnce()
    {
        await SubmitAsync();
        await PauseAsync(true);
        await PauseAsync(true);
        Assert.True(Assert.Single(await Store.CountAsync()).Paused);
        await PauseAsync(false);
        await PauseAsync(false);
        Assert.False(Assert.Single(await Store.CountAsync()).Paused);
        await ClaimOneAsync();
    }

    private Task PauseAsync(bool paused) => Store.SetPausedAsync(Limits.QueueDefault, paused);
}
