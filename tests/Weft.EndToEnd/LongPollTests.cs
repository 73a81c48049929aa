using Weft.EndToEnd.Running;

namespace Weft.EndToEnd;

public sealed class LongPollTests
{
    [Fact]
    public async Task AWorkerThatWaits_GetsTheTask_WhenItIsSubmitted()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var waiting = coordinator.Wire.ClaimAsync("waits", waitSeconds: 20);
        await Eventually.SeeAsync("the worker waits", () => coordinator.Wire.GetAsync("/stats"),
            stats => stats.Json.GetProperty("workers").GetProperty("active").GetInt64() == 1);

        var taskId = await coordinator.Wire.SubmitAsync("""{"n":1}""");

        Assert.Equal(new Claim(taskId, """{"n":1}"""), await waiting);
    }

    [Fact]
    public async Task AWorkerThatWaitsInVain_Gets204()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        Assert.Null(await coordinator.Wire.ClaimAsync("waits", waitSeconds: 1));
    }
}
