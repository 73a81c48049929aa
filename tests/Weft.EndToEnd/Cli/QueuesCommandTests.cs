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
        await coordinator.ClaimAsync("squares");

        Assert.Equal(
            [
                ["QUEUE", "CLAIMS", "SCHEDULED", "READY", "LEASED", "COMPLETED", "DEAD", "CANCELLED", "WORKERS",
                    "UNSERVED"],
                ["cubes", "open", "0", "1", "0", "0", "0", "0", "0", "1"],
                ["squares", "open", "0", "1", "1", "0", "0", "0", "1", "0"],
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

    [Theory]
    [InlineData("pause", "typo is paused.")]
    [InlineData("resume", "typo is open.")]
    [InlineData("purge", "typo: 0 waiting tasks cancelled.")]
    public async Task AQueueThatWasNotThere_IsSaid(string verb, string says)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        Assert.Equal(new(0, says + "\n", "weft: Queue typo did not exist before.\n"),
            await coordinator.WeftAsync("queues", verb, "typo"));
    }

    [Theory]
    [InlineData("tasks")]
    [InlineData("queues")]
    [InlineData("groups")]
    [InlineData("workers")]
    [InlineData("modules", "module", "list")]
    public async Task AnEmptyList_IsSaidOnStderr(string things, params string[] typed)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var command = typed.Length > 0 ? typed : [things];
        var result = await coordinator.WeftAsync(command);
        Assert.Equal((0, $"weft: No {things}.\n"), (result.ExitCode, result.Error));
        // The heads of its columns.
        Assert.Single(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(new(0, "", ""), await coordinator.WeftAsync([.. command, "--json"]));
    }

    [Fact]
    public async Task Purge_CancelsWhatWaits()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await coordinator.SubmitAsync("squares");
        await coordinator.SubmitAsync("squares");

        Assert.Equal(["squares: 2 waiting tasks cancelled."],
            await coordinator.LinesAsync("queues", "purge", "squares"));

        Assert.Empty(await coordinator.ClaimAsync("squares"));
    }
}
