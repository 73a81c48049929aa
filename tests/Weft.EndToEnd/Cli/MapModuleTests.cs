using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

/// <summary>A map whose lines a module is to be run on, by workers that can.</summary>
public sealed class MapModuleTests
{
    private const string Exec = "read n; echo $((n * n))";

    [Fact]
    public async Task Map_PushesTheModule_AndOnlyWorkersThatCanRunIt_GetTheLines()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var map = new MapRunner(coordinator);
        await using var other = new WorkerProcess(coordinator, "echo wrong");
        await using var able = new WorkerProcess(coordinator, Exec, "--capability", "wasi");
        var module = Write(map, "square.wasm", 1);

        Assert.Equal(new(0, "1\n4\n9\n", ""), await map.RunAsync("1\n2\n3\n", "--module", module, "--arg", "x"));
        var task = (await coordinator.Wire.GetAsync("/api/v1/tasks/3")).Json;
        Assert.Equal("""{"args":["x"]}""", task.GetProperty("run").GetRawText());
    }

    [Fact]
    public async Task Interrupted_OnlyTheSameModule_RunTheSameWay_GoesOn()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var map = new MapRunner(coordinator);
        var module = Write(map, "square.wasm", 1);
        using (var running = map.Start("--module", module, "--fixed"))
        {
            await running.StandardInput.WriteAsync("1\n");
            running.StandardInput.Close();
            await Eventually.SeeAsync("the line is submitted", () => coordinator.LinesAsync("tasks", "--json"),
                static tasks => tasks.Length == 1);
            running.Kill();
            await running.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await using var worker = new WorkerProcess(coordinator, Exec, "--capability", "wasi");
        Assert.Equal(new(0, "1\n", ""), await map.RunAsync("1\n", "--module", module));
        Assert.Equal(2, (await coordinator.LinesAsync("tasks", "--json")).Length);
        Write(map, "square.wasm", 2);
        Assert.Equal(new(0, "1\n", ""), await map.RunAsync("1\n", "--module", module, "--fixed"));
        Write(map, "moved.wasm", 1);
        Assert.Equal(new(0, "1\n", "weft: Resuming the interrupted run.\n"),
            await map.RunAsync("1\n", "--fixed", "--module", map.PathOf("moved.wasm")));
        Assert.Equal(3, (await coordinator.LinesAsync("tasks", "--json")).Length);
    }

    [Fact]
    public async Task WhereOnlyProgramsWork_ThePageThatRunsModulesIsNamed()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var map = new MapRunner(coordinator);
        await using var other = new WorkerProcess(coordinator, "echo wrong", "--queue", "q");
        using var running = map.Start("--queue", "q", "--module", Write(map, "square.wasm", 1));
        await running.StandardInput.WriteAsync("1\n");
        running.StandardInput.Close();
        Assert.Equal("weft: No worker on queue q runs modules; 1 task waiting. Open " +
            $"{coordinator.Address}worker/?queue=q in a browser.",
            await running.StandardError.ReadLineAsync(TestContext.Current.CancellationToken).AsTask()
                .WaitAsync(Eventually.Max, TimeProvider.System, TestContext.Current.CancellationToken));
        running.Kill();
    }

    private static string Write(MapRunner map, string name, byte kind)
    {
        var path = map.PathOf(name);
        File.WriteAllBytes(path, [.. WasmCommand.Bytes, 0, 2, 1, kind]);
        return path;
    }
}
