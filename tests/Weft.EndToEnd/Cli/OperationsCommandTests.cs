using System.Text.Json;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

/// <summary>cancel, delete, priority and retry of all tasks that match, and the operations that these are.</summary>
public sealed class OperationsCommandTests
{
    [Fact]
    public async Task ManyTasks_AreChanged_ByTheOptionsOfTasks()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        foreach (var queue in (string[])["a", "a", "b"]) await coordinator.SubmitAsync(queue);
        Assert.Equal(["2 tasks of 3 examined."], await coordinator.LinesAsync("cancel", "--queue", "a", "--dry-run"));
        Assert.Equal(["1 task set to priority 7."], await coordinator.LinesAsync("priority", "7", "--queue", "b"));
        Assert.Equal("7",
            (await coordinator.Wire.GetAsync("/api/v1/tasks/3")).Json.GetProperty("priority").GetRawText());
        Assert.Equal(["2 tasks cancelled."], await coordinator.LinesAsync("cancel", "--queue", "a"));
        var json =
            JsonDocument.Parse(Assert.Single(await coordinator.LinesAsync("delete", "--state", "cancelled", "--json")));
        Assert.Equal(("delete", 2),
            (json.RootElement.GetProperty("action").GetString(), json.RootElement.GetProperty("changed").GetInt32()));
        Assert.Equal(["1 task cancelled."], await coordinator.LinesAsync("cancel", "--all"));
        Assert.Equal(["1 task deleted."], await coordinator.LinesAsync("delete", "--all"));
    }

    [Fact]
    public async Task WhatCouldNotBeChanged_IsSaid()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await coordinator.SubmitAsync("a");
        Assert.Equal(
            new(1, "0 tasks deleted.\n",
                "weft: 1 task could not be changed: their state, or a limit of their owner, does not allow it.\n"),
            await coordinator.WeftAsync("delete", "1"));
    }

    [Fact]
    public async Task Operations_AreListed_ShownAndStopped()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        Assert.Equal("weft: No operations.\n", (await coordinator.WeftAsync("operations")).Error);
        await coordinator.LinesAsync("retry", "--all-dead");
        await coordinator.LinesAsync("cancel", "--queue", "a");
        var lines = await coordinator.LinesAsync("operations");
        Assert.Equal(
            ["ID", "ACTION", "STATE", "LOOKED", "MATCHED", "CHANGED", "REFUSED", "STARTED", "ACTOR"], lines[0].Cells());
        Assert.Equal(["2", "cancel", "finished", "0", "0", "0", "0"], lines[1].Cells()[..7]);
        Assert.Equal("open", lines[1].Cells()[^1]);
        Assert.Equal(3, lines.Length);
        Assert.Equal(lines[2].Cells(), (await coordinator.LinesAsync("operations", "1"))[1].Cells());
        Assert.Equal(["Operation 1 is finished."], await coordinator.LinesAsync("operations", "stop", "1"));
        Assert.Equal(1, (await coordinator.WeftAsync("operations", "stop", "99")).ExitCode);
    }

    [Theory]
    [InlineData("cancel")]
    [InlineData("delete", "1", "--all")]
    [InlineData("delete", "--all", "--queue", "a")]
    [InlineData("priority", "101", "7")]
    [InlineData("retry", "--finished-after", "soon")]
    public async Task WhatSaysNotWhichTasks_OrTwice_IsRefused(params string[] arguments) =>
        Assert.Equal(2, (await WeftBinary.RunAsync([.. arguments, "--url", "http://127.0.0.1:9"])).ExitCode);
}
