using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

/// <summary>groups, and retry of more than is named.</summary>
public sealed class GroupsCommandTests
{
    [Fact]
    public async Task ARun_IsListed_AndCalledOff()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await coordinator.Wire.PostAsync("/api/v1/groups", """{"name":"mine"}""");
        await coordinator.Wire.PostAsync("/api/v1/tasks", """{"queue":"q","payload":1,"group":1}""");

        var lines = await coordinator.LinesAsync("groups");
        Assert.Equal(["ID", "CREATED", "SCHEDULED", "READY", "LEASED", "COMPLETED", "DEAD", "CANCELLED", "NAME"],
            lines[0].Cells());
        Assert.Equal(["0", "1", "0", "0", "0", "0", "mine"], lines[1].Cells()[2..]);
        Assert.Equal(["Group 1: 1 task cancelled."], await coordinator.LinesAsync("groups", "cancel", "1"));
    }

    [Fact]
    public async Task ASealedGroup_TakesNoMoreTasks()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await coordinator.Wire.PostAsync("/api/v1/groups", "{}");
        Assert.Equal(["Group 1 accepts no more tasks."], await coordinator.LinesAsync("groups", "seal", "1"));
        Assert.Contains("\"sealedAt\":", Assert.Single(await coordinator.LinesAsync("groups", "--json")),
            StringComparison.Ordinal);
        var late = await coordinator.Wire.PostAsync("/api/v1/tasks", """{"payload":1,"group":1}""");
        Assert.Equal(409, late.Status);
    }

    [Fact]
    public async Task AGroupThatIsNotThere_IsNamed()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        Assert.Equal(new(1, "", "weft: There is no group 9999: see 'weft groups'.\n"),
            await coordinator.WeftAsync("groups", "seal", "9999"));
        Assert.Equal(new(1, "", "weft: There is no group 9999: see 'weft groups'.\n"),
            await coordinator.WeftAsync("groups", "cancel", "9999"));
    }

    [Fact]
    public async Task ARunOfMap_IsFoundByItsName()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var map = new MapRunner(coordinator);
        await using var worker = new WorkerProcess(coordinator, "cat");
        Assert.Equal(new(0, "1\n", ""), await map.RunAsync("1\n", "--run", "übung 7"));
        Assert.Matches("^map-_bung_7-[0-9a-f]{32}$", (await coordinator.LinesAsync("groups"))[1].Cells()[^1]);
    }

    [Fact]
    public async Task Retry_TakesAllTheDeadOfAQueue_OrAll()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        foreach (var queue in (string[])["a", "a", "b"])
        {
            await coordinator.SubmitAsync(queue);
            await coordinator.FinishAsync(queue, "fail", "\"retry\":false");
        }

        Assert.Equal(["2 dead tasks made ready again."], await coordinator.LinesAsync("retry", "--queue", "a"));
        Assert.Equal(["1 dead task made ready again."], await coordinator.LinesAsync("retry", "--all-dead"));
        Assert.Equal(2, (await coordinator.WeftAsync("retry")).ExitCode);
        Assert.Equal(2, (await coordinator.WeftAsync("retry", "1", "--all-dead")).ExitCode);
    }
}
