using System.Text.Json;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

public sealed class QueuesCommandTests
{
    [Fact]
    public async Task Queues_AreListedWithTheirCounts()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await coordinator.SubmitAsync("squares");
        await coordinator.SubmitAsync("squares");
        await coordinator.SubmitAsync("cubes");

        Assert.Equal(
            [
                ["QUEUE", "CLAIMS", "SCHEDULED", "READY", "LEASED", "COMPLETED", "DEAD", "CANCELLED"],
                ["cubes", "open", "0", "1", "0", "0", "0", "0"],
                ["squares", "open", "0", "2", "0", "0", "0", "0"],
            ], (await coordinator.LinesAsync("queues")).Select(RemoteWeft.Cells));
    }

    [Fact]
    public async Task Json_IsOneObjectALine()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await coordinator.SubmitAsync("squares");

        var queue = JsonElement.Parse(Assert.Single(await coordinator.LinesAsync("queues", "--json")));

        Assert.Equal("squares", queue.GetProperty("name").GetString());
        Assert.Equal(1, queue.GetProperty("counts").GetProperty("ready").GetInt32());
    }

    [Fact]
    public async Task APausedQueue_HandsOutNothing_UntilItIsResumed()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await coordinator.SubmitAsync("squares");

        Assert.Equal(["squares is paused."], await coordinator.LinesAsync("queues", "pause", "squares"));
        Assert.Empty(await coordinator.ClaimAsync("squares"));
        Assert.Equal("paused", (await coordinator.LinesAsync("queues"))[1].Cells()[1]);
        Assert.Equal(["{\"paused\":false}"], await coordinator.LinesAsync("queues", "resume", "squares", "--json"));
        Assert.Single(await coordinator.ClaimAsync("squares"));
    }

    [Fact]
    public async Task Purge_CancelsWhatWaits()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await coordinator.SubmitAsync("squares");
        await coordinator.SubmitAsync("squares");

        Assert.Equal(["Waiting tasks of squares that are cancelled now: 2."], await coordinator.LinesAsync("queues", "purge", "squares"));

        Assert.Empty(await coordinator.ClaimAsync("squares"));
    }
}
