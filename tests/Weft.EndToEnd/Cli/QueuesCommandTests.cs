using System.Text.Json;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

public sealed class QueuesCommandTests
{
    [Fact]
    public async Task Queues_AreListedWithTheirCounts()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await SubmitAsync(coordinator, "squares", count: 2);
        await SubmitAsync(coordinator, "cubes", count: 1);

        var result = await RunAsync(coordinator, "queues");

        Assert.True(result is { ExitCode: 0, Error: "" }, result.ToString());
        var rows = result.Output.TrimEnd().Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(
            [
                ["QUEUE", "CLAIMS", "SCHEDULED", "READY", "LEASED", "COMPLETED", "DEAD", "CANCELLED"],
                ["cubes", "open", "0", "1", "0", "0", "0", "0"],
                ["squares", "open", "0", "2", "0", "0", "0", "0"],
            ], rows);
    }

    [Fact]
    public async Task Json_IsOneObjectALine()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await SubmitAsync(coordinator, "squares", count: 2);

        var result = await RunAsync(coordinator, "queues", "--json");

        var queue = JsonElement.Parse(Assert.Single(result.Output.TrimEnd().Split('\n')));
        Assert.Equal("squares", queue.GetProperty("name").GetString());
        Assert.Equal(2, queue.GetProperty("counts").GetProperty("ready").GetInt32());
    }

    [Fact]
    public async Task APausedQueue_HandsOutNothing_UntilItIsResumed()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await SubmitAsync(coordinator, "squares", count: 1);

        Assert.Equal("squares is paused.\n", (await RunAsync(coordinator, "queues", "pause", "squares")).Output);
        Assert.Equal(0, await ClaimAsync(coordinator));
        Assert.Contains("paused", (await RunAsync(coordinator, "queues")).Output, StringComparison.Ordinal);
        Assert.Equal("{\"paused\":false}\n", (await RunAsync(coordinator, "queues", "resume", "squares", "--json")).Output);
        Assert.Equal(1, await ClaimAsync(coordinator));
    }

    [Fact]
    public async Task Purge_CancelsWhatWaits()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await SubmitAsync(coordinator, "squares", count: 3);

        var result = await RunAsync(coordinator, "queues", "purge", "squares");

        Assert.Equal("3 waiting tasks of squares are cancelled.\n", result.Output);
        Assert.Equal(0, await ClaimAsync(coordinator));
    }

    [Fact]
    public async Task NoCoordinator_IsOneLineThatSaysWhatToDo()
    {
        var result = await WeftBinary.RunAsync("queues", "--url", $"http://127.0.0.1:{FreePort.Next()}");
        Assert.Equal(1, result.ExitCode);
        Assert.Matches(@"^weft: No coordinator answers at http://127\.0\.0\.1:\d+/: .*weft serve.*\n$", result.Error);
    }

    [Fact]
    public async Task WhatTheCoordinatorRefuses_IsItsOwnWords()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var result = await RunAsync(coordinator, "queues", "pause", "no such name!");
        Assert.Equal(1, result.ExitCode);
        Assert.Matches("^weft: .*queue.*\n$", result.Error);
    }

    [Fact]
    public async Task AnAddressThatIsNone_IsAMistakeInUse()
    {
        var result = await WeftBinary.RunAsync("queues", "--url", "localhost");
        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("weft: 'localhost' is not a coordinator's address", result.Error);
    }

    private static Task<CommandResult> RunAsync(CoordinatorProcess coordinator, params string[] arguments) =>
        WeftBinary.RunAsync([.. arguments, "--url", coordinator.Address.ToString()]);

    private static async Task SubmitAsync(CoordinatorProcess coordinator, string queue, int count)
    {
        for (var n = 0; n < count; n++) Assert.Equal(201, (await coordinator.Wire.PostAsync("/api/v1/tasks", $$"""{"queue":"{{queue}}","payload":{{n}}}""")).Status);
    }

    private static async Task<int> ClaimAsync(CoordinatorProcess coordinator)
    {
        var answer = await coordinator.Wire.PostAsync("/api/v1/tasks/claim", """{"workerId":"w","queues":["squares"]}""");
        return answer.Json.GetProperty("tasks").GetArrayLength();
    }
}
