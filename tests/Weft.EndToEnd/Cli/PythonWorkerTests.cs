using System.IO.Compression;
using System.Text.Json;
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

    [Theory]
    [InlineData("True")]
    [InlineData("False")]
    public async Task AProcessInASessionOfItsOwn_EndsWithItsInterpreter(string loops)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var worker = WorkerProcess.OfPython(coordinator, "--concurrency", "1");
        var orphan = Write("orphan.py", $$"""
            import os, subprocess, time

            def task(payload):
                # What starts it has ended by then, and is of another session.
                subprocess.run(['setsid', 'sh', '-c', 'setsid sh -c "echo \$\$ > orphan; exec sleep 1000" &'])
                while not os.path.exists('orphan') or not open('orphan').read(): time.sleep(0.02)
                while {{loops}}: pass
                return 1

            """);
        var first = await MapAsync(coordinator, "1\n", orphan, "--timeout-seconds", "2", "--max-attempts", "1");
        Assert.Equal(loops == "True" ? 3 : 0, first.ExitCode);

        // Another script's interpreter takes the place of this one, which may have been kept.
        await MapAsync(coordinator, "2\n", Write("square.py", Script));
        await worker.SeeEndAsync("orphan");
    }

    [Fact]
    public async Task ALoopForEver_IsKilledAtItsTimeout_AndTheWorkerGoesOn()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var worker = WorkerProcess.OfPython(coordinator, "--concurrency", "1");
        var script = Write("loop.py", Script);

        var looped = await MapAsync(coordinator, "\"loop\"\n", script, "--max-attempts", "1", "--timeout-seconds", "5");
        Assert.Contains("is dead: The module ran for longer than 5 s.", looped.Error, StringComparison.Ordinal);
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
            var refused = await Command.RunAsync(Describe(coordinator, command, "--python", broken), Eventually.Max,
                "1\n");
            Assert.Equal(1, refused.ExitCode);
            Assert.Matches($@"^weft: {broken}: SyntaxError: invalid syntax \(line 2, column 15, by Python 3\.\d+\)\. " +
                @"If the workers' Python accepts it, name it with --module\.\n$", refused.Error);
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
    public async Task AFolder_AndItsPackages_RunAsOne_AndTracebacksNameItsFiles()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var worker = WorkerProcess.OfPython(coordinator);
        Write("sim/task.py", "import shapes.circle\nimport tiny\n\ndef task(r):\n" +
            "    return [shapes.circle.area(r), tiny.NAME]\n");
        Write("sim/shapes/__init__.py", "");
        Write("sim/shapes/circle.py", "def area(r):\n    return 3 * r * r / (r != 0)\n");
        Write("sim/.git/config", "secret");
        Write("sim/__pycache__/task.pyc", "secret");
        var wheel = WriteWheel("tiny-1.0-py3-none-any.whl", ["deep"], ("tiny/__init__.py", "from .name import NAME\n"),
            ("tiny/name.py", "import deep, os\nNAME = open(os.path.join(os.path.dirname(__file__), 'n.txt')).read()\n"),
            ("tiny/n.txt", "tiny"), ("tiny-1.0.data/scripts/tiny", "x"));
        Assert.Contains("The coordinator has no package deep, which tiny needs: add its wheel ",
            (await coordinator.WeftAsync("submit", "1", "--python", Path.Combine(_folder.FullName, "sim"), "--package",
                wheel)).Error, StringComparison.Ordinal);
        var deep = WriteWheel("deep-2.0-py3-none-any.whl", [], ("deep-2.0.data/purelib/deep.py", ""));
        Assert.Equal(["deep==2.0"], await coordinator.LinesAsync("python", "add", deep));
        var sim = Path.Combine(_folder.FullName, "sim");

        var areas = await MapAsync(coordinator, "1\n2\n", sim, "--package", wheel);
        Assert.Equal(new(0, "[3.0,\"tiny\"]\n[12.0,\"tiny\"]\n", ""), areas);
        var failed = await MapAsync(coordinator, "0\n", sim, "--package", wheel, "--max-attempts", "1");
        Assert.Contains("ZeroDivisionError", failed.Error, StringComparison.Ordinal);
        var error = (await coordinator.Wire.GetAsync("/api/v1/tasks/3")).Json.GetProperty("error").GetString();
        Assert.Contains("  File \"shapes/circle.py\", line 2, in area\n", error, StringComparison.Ordinal);

        // The same bytes, and so one module, which has nothing hidden, and no packages.
        var hash = Assert.Single(await coordinator.LinesAsync("module", "list", "--json"),
            static line => line.Contains("\"python\"", StringComparison.Ordinal));
        var module = JsonDocument.Parse(hash).RootElement.GetProperty("sha256").GetString();
        using var http = new HttpClient { BaseAddress = coordinator.Address };
        await using var archive = await http.GetStreamAsync(new Uri($"api/v1/modules/{module}", UriKind.Relative),
            TestContext.Current.CancellationToken);
        using var zip = new ZipArchive(archive);
        Assert.Equal(["shapes/__init__.py", "shapes/circle.py", "task.py"],
            zip.Entries.Select(static entry => entry.FullName));
    }

    [Fact]
    public async Task AFolderOrPackage_ThatCanNotBeSent_IsRefused_BeforeAnythingIsSubmitted()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var script = Write("task.py", "def task(n): return n\n");
        var empty = Path.GetDirectoryName(Write("empty/notes.txt", ""))!;
        var broken = Path.GetDirectoryName(Write("broken/task.py", "def task(:\n"))!;
        var native = WriteWheel("fast-1.0-cp311-cp311-linux_x86_64.whl", []);
        var another = WriteWheel("another-1.0-py3-none-any.whl", []);
        (string[] Options, string Says)[] cases =
        [
            (["--python", empty], "has no task.py: it needs one with a function 'def task(payload):'."),
            (["--python", broken], "SyntaxError: "),
            (["--python", script, "--package", script], "can't be a package: A wheel's name must be its file's name"),
            (["--python", script, "--package", native], "can't be a package: The wheel has code for linux_x86_64: "),
            (["--python", script, "--package", "gone-1.0-py3-none-any.whl"], "There is no file gone-1.0-"),
            (["--python", script, "--package", Write("odd-1.0-py3-none-any.whl", "no zip")], "not a zip archive"),
            (["--python", script, "--package", "nobody-has-this"], "The coordinator has no package nobody-has-this: "),
            (["--package", another], "--package needs a script: name it with --python."),
        ];
        foreach (var (options, says) in cases)
        {
            var refused = await coordinator.WeftAsync(["submit", "1", .. options]);
            Assert.Contains(says, refused.Error, StringComparison.Ordinal);
            Assert.Equal(1, refused.Error.Count(static letter => letter == '\n'));
            Assert.NotEqual(0, refused.ExitCode);
        }
        Assert.Empty(await coordinator.LinesAsync("tasks", "--json"));
    }

    [Theory]
    [InlineData("a.py")]
    [InlineData("task.py", 7)]
    public async Task AnArchiveWithoutAScript_OrADamagedOne_MakesItsTaskDead(string name, int? damagedAt = null)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var worker = WorkerProcess.OfPython(coordinator);
        var path = Path.Combine(_folder.FullName, "odd.zip");
        await File.WriteAllBytesAsync(
            path, TestWheel.Zip((name, string.Concat(Enumerable.Repeat("def task(n): return n\n", 99)))),
            TestContext.Current.CancellationToken);
        if (damagedAt is { } place)
        {
            var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
            bytes.AsSpan(30 + name.Length + place, 20).Fill(0xFF);
            await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
        }
        var id = Assert.Single(await coordinator.LinesAsync("submit", "1", "--module", path));
        var waited = await coordinator.WeftAsync("wait", id);
        Assert.Contains("odd.zip is not a zip archive with a file task.py.", waited.Error, StringComparison.Ordinal);
        var task = (await coordinator.Wire.GetAsync($"/api/v1/tasks/{id}")).Json;
        Assert.Equal(1, task.GetProperty("attempt").GetInt32());
    }

    [Fact]
    public async Task APythonThatIsNone_IsOneLine()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        foreach (var program in (string[])["/nowhere/python3", "/bin/true", "cat"])
        {
            var says = $"weft: {program} is not a working Python: name one with --python PROGRAM.\n";
            Assert.Equal(new(1, "", says),
                await coordinator.WeftAsync("worker", "--python", program));
        }
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    private string WriteWheel(string name, string[] requires, params (string Path, string Text)[] files)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, TestWheel.Make(name, requires, files));
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
