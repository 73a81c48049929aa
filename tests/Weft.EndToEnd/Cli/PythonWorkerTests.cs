using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

/// <summary><c>weft worker --python</c>, on this machine's python3.</summary>
// The worker doesn't know the store.
[Trait("Store", "sqlite")]
public sealed class PythonWorkerTests : IDisposable
{
    private const string Script = """
        import os, subprocess, sys

        def task(payload, ctx):
            if payload == 'boom':
                print('about to fail')
                return {}['nope']
            if payload == 'loop':
                open('loops', 'w').write(str(os.getpid()))
                while True: pass
            if payload == 'die':
                print('last words', file=sys.__stderr__, flush=True)
                os._exit(3)
            if payload == 'loud':
                os.write(1, b'r00000002[]')
                subprocess.run(['echo', 'r00000002[]'])
                return input() if sys.stdin.read() else 'quiet'
            return [payload * payload, os.getpid()] if isinstance(payload, list) else payload * payload

        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weft-e2e-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Map_OfAScript_GivesRightAnswers_AndErrorsNameItsLine()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var worker = WorkerProcess.OfPython(coordinator);
        var script = Write("square.py", Script);

        var squares = await MapAsync(coordinator, "1\n2\n-3\n1.5\n", script);
        Assert.Equal((0, "1\n4\n9\n2.25\n"), (squares.ExitCode, squares.Output));

        var failed = await MapAsync(coordinator, "\"boom\"\n", script, "--max-attempts", "1");
        Assert.Contains("KeyError: 'nope'", failed.Error, StringComparison.Ordinal);
        var error = (await coordinator.Wire.GetAsync("/api/v1/tasks/5")).Json.GetProperty("error").GetString();
        Assert.StartsWith("KeyError: 'nope'\nIt printed:\nabout to fail\nTraceback (most recent call last):\n  " +
            "File \"square.py\", line 6, in task\n    return {}['nope']\n", error, StringComparison.Ordinal);
        Assert.Contains("without a sandbox", worker.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ALoopForEver_IsKilledAtItsTimeout_AndTheWorkerGoesOn()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var worker = WorkerProcess.OfPython(coordinator, "--concurrency", "1");
        var script = Write("loop.py", Script);

        var looped = await MapAsync(coordinator, "\"loop\"\n", script, "--max-attempts", "1", "--timeout-seconds", "1");
        Assert.Contains("is dead: The module ran for longer than 1 s.", looped.Error, StringComparison.Ordinal);
        await worker.SeeEndAsync("loops");
        Assert.Equal("4\n", (await MapAsync(coordinator, "2\n", script)).Output);
    }

    [Fact]
    public async Task ATaskThatIsCancelled_LosesItsProcess()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var worker = WorkerProcess.OfPython(coordinator, "--lease-seconds", "1");
        await coordinator.LinesAsync("submit", "\"loop\"", "--python", Write("loop.py", Script));
        await worker.SeeFileAsync("loops");
        await coordinator.LinesAsync("cancel", "1");
        await worker.SeeEndAsync("loops");
    }

    [Fact]
    public async Task AProcessThatEnds_FailsItsTaskOnly_AndWhatIsPrinted_IsNoAnswer()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var worker = WorkerProcess.OfPython(coordinator, "--concurrency", "1");
        var script = Write("odd.py", Script);

        var ended = await MapAsync(coordinator, "\"die\"\n\"loud\"\n3\n", script, "--max-attempts", "1");
        Assert.Contains("Task 1 is dead: Python ended in the middle of the task: last words", ended.Error,
            StringComparison.Ordinal);
        Assert.Equal("null\n\"quiet\"\n9\n", ended.Output);
    }

    [Fact]
    public async Task ASyntaxError_IsFound_BeforeAnythingIsSubmitted_WhereThereIsAPython()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var broken = Write("broken.py", "def task(n):\n    return n +\n");
        foreach (var command in (string[])["map", "submit"])
        {
            var refused = await Command.RunAsync(Describe(coordinator, command, "--python", broken), Eventually.Max, "1\n");
            Assert.Equal(1, refused.ExitCode);
            Assert.Matches($@"^weft: {broken}: SyntaxError: invalid syntax \(line 2, column 15, by Python 3\.\d+\)\. " +
                @"For workers whose Python takes it, name it with --module\.\n$", refused.Error);
        }
        Assert.Empty(await coordinator.LinesAsync("tasks", "--json"));
        Assert.Empty(await coordinator.LinesAsync("module", "list", "--json"));
    }

    [Theory]
    [InlineData("--python", "/nowhere")]
    [InlineData("--module", null)]
    public async Task ASyntaxError_ThatNobodyLookedFor_IsFinal(string option, string? path)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var worker = WorkerProcess.OfPython(coordinator);
        var start = Describe(coordinator, "map", option, Write("broken.py", "def task(n):\n    return n +\n"));
        if (path is not null) start.Environment["PATH"] = path;
        var broken = await Command.RunAsync(start, Eventually.Max, "1\n");
        Assert.Contains("SyntaxError: invalid syntax (broken.py, line 2, column 15)", broken.Error,
            StringComparison.Ordinal);
        Assert.Equal(1, (await coordinator.Wire.GetAsync("/api/v1/tasks/1")).Json.GetProperty("attempt").GetInt32());
    }

    [Theory]
    [InlineData("notes.py", "print('hello')", "defines no task: it needs a function 'def task(payload):'.")]
    [InlineData("latin.py", "\xFF", "is not UTF-8 text.")]
    [InlineData("missing.py", null, "There is no file")]
    public async Task AFileThatCanBeNoTask_IsRefused_BeforeAnythingIsSubmitted(string name, string? text, string says)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var path = Path.Combine(_folder.FullName, name);
        if (text is not null)
        {
            await File.WriteAllBytesAsync(path, System.Text.Encoding.Latin1.GetBytes(text),
                TestContext.Current.CancellationToken);
        }
        var refused = await coordinator.WeftAsync("submit", "1", "--python", path);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(says, refused.Error, StringComparison.Ordinal);
        Assert.Empty(await coordinator.LinesAsync("tasks", "--json"));
    }

    [Fact]
    public async Task APythonThatIsNone_IsOneLine()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        foreach (var program in (string[])["/nowhere/python3", "/bin/true", "cat"])
        {
            var says = $"weft: {program} is not a Python that runs here: name one with --python PROGRAM.\n";
            Assert.Equal(new(1, "", says),
                await coordinator.WeftAsync("worker", "--python", program));
        }
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    private Task<CommandResult> MapAsync(CoordinatorProcess coordinator, string lines, string script,
        params string[] options) =>
        Command.RunAsync(Describe(coordinator, "map", ["--python", script, .. options]), Eventually.Max, lines);

    private System.Diagnostics.ProcessStartInfo Describe(CoordinatorProcess coordinator, string command,
        params string[] options)
    {
        var start = WeftBinary.Describe(_folder.FullName,
            [command, "--url", coordinator.Address.ToString(), .. options]);
        start.Environment["XDG_STATE_HOME"] = _folder.FullName;
        return start;
    }
}
