using System.Text.Json;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

/// <summary><c>weft board</c>.</summary>
public sealed class BoardCommandTests
{
    [Fact]
    public async Task Names_AreListed_AndTakenOff()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync("--board");
        var said = await coordinator.WeftAsync("board");
        Assert.Equal((0, "weft: No names on the board.\n"), (said.ExitCode, said.Error));
        var key = (await coordinator.Wire.PostAsync("/api/v1/workers", "{}")).Json.GetProperty("workerKey").GetString();
        using var name = new StringContent($$"""{"workerKey":"{{key}}","name":"Ada"}""");
        Assert.Equal(200, (await coordinator.Wire.SendAsync(HttpMethod.Put, "/api/v1/board", name)).Status);
        var id = await coordinator.SubmitAsync("q");
        var claim = await coordinator.Wire.PostAsync("/api/v1/tasks/claim",
            $$"""{"workerId":"w","queues":["q"],"workerKey":"{{key}}"}""");
        var lease = claim.Json.GetProperty("tasks")[0].GetProperty("leaseToken").GetString();
        Assert.Equal(200, (await coordinator.Wire.PostAsync($"/api/v1/tasks/{id}/complete",
            $$"""{"leaseToken":"{{lease}}","workerId":"w","result":1}""")).Status);

        var lines = (await coordinator.LinesAsync("board")).Select(RemoteWeft.Cells).ToArray();
        Assert.Equal(["WORKER", "TASKS", "COMPUTED", "SINCE", "NAME"], lines[0]);
        Assert.Equal(["1", "Ada"], lines[1].Where((_, column) => column is 1 or 4));
        // By the lease: a few, on a quick machine.
        Assert.Matches("^[0-9]+m?s$", lines[1][2]);
        var worker = lines[1][0];
        Assert.Equal(worker, JsonElement.Parse(Assert.Single(await coordinator.LinesAsync("board", "--json")))
            .GetProperty("worker").GetString());
        Assert.Equal((0, $"{worker} is off the board.\n"),
            await coordinator.WeftAsync("board", "remove", worker) is var gone ? (gone.ExitCode, gone.Error) : default);
        Assert.Equal(1, (await coordinator.WeftAsync("board", "remove", worker)).ExitCode);
    }

    [Fact]
    public async Task WithoutABoard_ThatIsSaid()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var said = await coordinator.WeftAsync("board");
        Assert.Equal(
            (1, "weft: This coordinator has no board. Its operator turns it on with weft serve --board.\n"),
            (said.ExitCode, said.Error));
    }
}
