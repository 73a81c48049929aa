using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

/// <summary>What others do to a run of <c>weft map</c>, and what it says of them.</summary>
public sealed class MapSteeringTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ARunWhoseGroupIsCancelled_Ends_ThoughItsInputGoesOn()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var map = new MapRunner(coordinator);
        using var running = map.Start("--queue", "nobody");
        await running.StandardInput.WriteAsync(MapRunner.Numbers(1, 50));
        await running.StandardInput.FlushAsync(Stop);
        await Eventually.SeeAsync("all lines are there",
            () => coordinator.LinesAsync("tasks", "--queue", "nobody", "--state", "ready", "--json"), tasks =>
            tasks.Length == 50);

        Assert.Equal(["Group 1: 50 tasks cancelled."], await coordinator.LinesAsync("groups", "cancel", "1"));

        Assert.Equal(string.Concat(Enumerable.Repeat("null\n", 50)), await running.StandardOutput.ReadToEndAsync(Stop)
            .WaitAsync(Eventually.Max, TimeProvider.System, Stop));
        await running.WaitForExitAsync(Stop);
        Assert.Equal(3, running.ExitCode);
        Assert.EndsWith(
            "weft: The run was cancelled: 50 of 50 lines have no result. --fresh starts over.\n",
            await running.StandardError.ReadToEndAsync(Stop), StringComparison.Ordinal);
        var again = await map.RunAsync(MapRunner.Numbers(1, 50), "--queue", "nobody");
        Assert.EndsWith(
            "50 of 50 lines have no result. 50 tasks were cancelled: --fresh starts over and computes all " +
            "lines.\n", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATaskThatIsCancelled_EndsNoRun()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var map = new MapRunner(coordinator);
        using var running = map.Start();
        await running.StandardInput.WriteAsync("1\n2\n");
        await running.StandardInput.FlushAsync(Stop);
        await Eventually.SeeAsync("both lines are there",
            () => coordinator.LinesAsync("tasks", "--state", "ready", "--json"), tasks => tasks.Length == 2);
        await coordinator.LinesAsync("cancel", "1");
        Assert.Equal("null", await running.StandardOutput.ReadLineAsync(Stop));
        await running.StandardInput.WriteAsync("3\n");
        running.StandardInput.Close();

        await using var worker = new WorkerProcess(coordinator, "cat");
        Assert.Equal("2\n3\n", await running.StandardOutput.ReadToEndAsync(Stop)
            .WaitAsync(Eventually.Max, TimeProvider.System, Stop));
        await running.WaitForExitAsync(Stop);
        Assert.Equal(3, running.ExitCode);
    }

    [Fact]
    public async Task WhereNobodyWorks_ItIsSaid_WithWhatToType()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var map = new MapRunner(coordinator);
        using var running = map.Start("--queue", "slwo");
        await running.StandardInput.WriteAsync("1\n");
        running.StandardInput.Close();
        var said = await running.StandardError.ReadLineAsync(Stop).AsTask()
            .WaitAsync(Eventually.Max, TimeProvider.System, Stop);
        Assert.StartsWith("weft: No worker serves queue slwo; 1 task waiting. Start one: weft worker --queue slwo " +
            "--exec 'COMMAND'", said, StringComparison.Ordinal);
        await using var worker = new WorkerProcess(coordinator, "cat", "--queue", "slwo");
        Assert.Equal("1\n", await running.StandardOutput.ReadToEndAsync(Stop)
            .WaitAsync(Eventually.Max, TimeProvider.System, Stop));
    }

    [Fact]
    public async Task WhereNoWorkerHasWhatIsRequired_ItIsSaid()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var map = new MapRunner(coordinator);
        await using var worker = new WorkerProcess(coordinator, "cat", "--queue", "q");
        using var running = map.Start("--queue", "q", "--requires", "gpu");
        await running.StandardInput.WriteAsync("1\n");
        running.StandardInput.Close();
        var said = await running.StandardError.ReadLineAsync(Stop).AsTask()
            .WaitAsync(Eventually.Max, TimeProvider.System, Stop);
        Assert.StartsWith("weft: No worker on queue q has the capabilities required by 1 task (--requires).", said,
            StringComparison.Ordinal);
        running.Kill();
    }

    [Fact]
    public async Task Unordered_PrintsResultsAsTheyCome()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var map = new MapRunner(coordinator);
        // The first line's is computed last.
        await using var worker = new WorkerProcess(coordinator,
            "read n; [ $n != 1 ] || until [ -e go ]; do sleep 0.01; done; echo $n", "--concurrency", "2");
        using var running = map.Start("--unordered", "--json");
        await running.StandardInput.WriteAsync(MapRunner.Numbers(1, 20));
        running.StandardInput.Close();
        var lines = new List<string?>();
        for (var n = 2; n <= 20; n++) lines.Add(await running.StandardOutput.ReadLineAsync(Stop));
        await File.WriteAllTextAsync(worker.PathOf("go"), "", Stop);
        lines.Add((await running.StandardOutput.ReadToEndAsync(Stop)).TrimEnd());
        await running.WaitForExitAsync(Stop);
        Assert.Equal(0, running.ExitCode);
        string Line(int n) => $"{{\"line\":{n},\"id\":{n},\"state\":\"completed\",\"result\":{n}}}";
        Assert.Equal(Line(1), lines[^1]);
        Assert.Equal(Enumerable.Range(2, 19).Select(Line).Order(), lines[..^1].Order());
    }
}
