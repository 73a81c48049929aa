using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

public sealed class MapCommandTests
{
    [Fact]
    public async Task Results_ComeInTheOrderOfTheLines()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var map = new MapRunner(coordinator);
        // The second line's is computed after the fiftieth's.
        const string Exec =
            "read n; [ $n != 2 ] || until [ -e go ]; do sleep 0.01; done; [ $n != 50 ] || touch go; echo $((n * n))";
        await using var worker = new WorkerProcess(coordinator, Exec, "--queue", "squares", "--concurrency", "4");

        var result = await map.RunAsync(MapRunner.Numbers(1, 100), "--queue", "squares");

        Assert.True(result is { ExitCode: 0, Error: "" }, result.ToString());
        Assert.Equal(Enumerable.Range(1, 100).Select(n => $"{n * n}"), result.Output.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("{\"n\": [1, null]}\nplain words\n\n12\n", "{\"n\": [1, null]}\n\"plain words\"\n\"\"\n12\n")]
    [InlineData("12\n{\nlast", "12\n{\nlast\n", "--text")]
    [InlineData("7\n", "{\"line\":1,\"id\":1,\"state\":\"completed\",\"result\":7}\n", "--json")]
    [InlineData("", "")]
    public async Task Lines_AreJsonOrText_AndSoAreResults(string input, string output, params string[] options)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var map = new MapRunner(coordinator);
        await using var worker = new WorkerProcess(coordinator, "cat", options.Contains("--text") ? ["--text"] : []);
        Assert.Equal(new(0, output, ""), await map.RunAsync(input, options));
    }

    [Fact]
    public async Task AResultWithLineEnds_IsOneLine()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var map = new MapRunner(coordinator);
        await using var worker = new WorkerProcess(coordinator, "printf 'A\\nFORGED\\r\\n!'", "--text");
        Assert.Equal(new(0, "A\\nFORGED\\r\\n!\nA\\nFORGED\\r\\n!\n", ""), await map.RunAsync("a\nb\n", "--text"));
    }

    [Fact]
    public async Task AResult_IsPrinted_WhileTheInputIsStillOpen()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var map = new MapRunner(coordinator);
        await using var worker = new WorkerProcess(coordinator, "cat");
        using var running = map.Start();

        for (var n = 1; n <= 3; n++)
        {
            await running.StandardInput.WriteLineAsync($"{n}");
            await running.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
            Assert.Equal($"{n}", await running.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        }

        var second = await map.RunAsync("1\n");
        Assert.Equal((1, ""), (second.ExitCode, second.Output));
        Assert.Contains("already running", second.Error, StringComparison.Ordinal);
        Assert.Equal("1\n", (await map.RunAsync("1\n", "--run", "another")).Output);
        running.StandardInput.Close();
        await running.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, running.ExitCode);
    }

    [Fact]
    public async Task ALineThatIsAlmostJson_IsNamed()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var map = new MapRunner(coordinator);
        var result = await map.RunAsync("1\n{\"n\":\n");
        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("weft: Line 2: This starts as JSON does", result.Error, StringComparison.Ordinal);
        Assert.Contains("add --text. Correct the input and run the same command again.", result.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task AfterALineThatIsAlmostJson_HowManyAreSubmittedIsSaid_AndTheCorrectedInputGoesOn()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var map = new MapRunner(coordinator);
        await using var worker = new WorkerProcess(coordinator, "cat", "--concurrency", "4");
        var result = await map.RunAsync(MapRunner.Numbers(1, 1_000) + "\"\n");
        Assert.Contains(" lines submitted: correct the input and run the same command again to continue.", result.Error,
            StringComparison.Ordinal);
        Assert.Equal(new(0, MapRunner.Numbers(1, 1_001), "weft: Resuming the interrupted run.\n"),
            await map.RunAsync(MapRunner.Numbers(1, 1_001)));
    }

    [Fact]
    public async Task WhatTheCoordinatorRefuses_IsToldWithItsLine()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var map = new MapRunner(coordinator);
        var result = await map.RunAsync("1\n", "--queue", "no such name!");
        Assert.Equal(new(1, "", "weft: Line 1: queue must have 1 to 64 letters, digits, dots, dashes or " +
            "underscores; . and .. are not allowed.\n"), result);
    }

    [Fact]
    public async Task ATaskThatDies_IsNull_AndTheSameCommandTriesItAgain()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var map = new MapRunner(coordinator);
        await using var worker = new WorkerProcess(coordinator,
            "read n; echo $n >> log; [ $n != 2 ] || [ -e mended ] || { echo broken >&2; exit 1; }; echo $n");

        var first = await map.RunAsync("1\n2\n3\n", "--max-attempts", "1");
        Assert.Equal((3, "1\nnull\n3\n"), (first.ExitCode, first.Output));
        Assert.StartsWith("weft: Line 2: Task 2 is dead: Exit code 1: broken\nweft: 1 of 3 lines have no result.",
            first.Error, StringComparison.Ordinal);

        await File.WriteAllTextAsync(worker.PathOf("mended"), "", TestContext.Current.CancellationToken);
        var second = await map.RunAsync("1\n2\n3\n", "--max-attempts", "1");
        Assert.Equal((0, "1\n2\n3\n"), (second.ExitCode, second.Output));
        Assert.Equal(["1", "2", "2", "3"],
            (await File.ReadAllLinesAsync(worker.PathOf("log"), TestContext.Current.CancellationToken)).Order());
    }

    [Fact]
    public async Task WhenNobodyReadsAnyMore_ItEnds_AndCanGoOn()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var map = new MapRunner(coordinator);
        await using var worker = new WorkerProcess(coordinator,
            "read n; [ $n != 2 ] || until [ -e go ]; do sleep 0.01; done; echo $n");
        using (var running = map.Start())
        {
            await running.StandardInput.WriteAsync(MapRunner.Numbers(1, 9));
            Assert.Equal("1", await running.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
            running.StandardOutput.Close();
            await File.WriteAllTextAsync(worker.PathOf("go"), "", TestContext.Current.CancellationToken);
            Assert.Contains("weft: The output can't be written: its reader has closed it",
                await running.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken),
                StringComparison.Ordinal);
            await running.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(1, running.ExitCode);
        }

        Assert.Equal(MapRunner.Numbers(1, 9), (await map.RunAsync(MapRunner.Numbers(1, 9))).Output);
    }

    [Fact]
    public async Task ACoordinatorThatComesBack_IsGoneOnWith()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var map = new MapRunner(coordinator);
        await using var worker = new WorkerProcess(coordinator,
            "read n; [ $n != 20 ] || { touch waits; until [ -e go ]; do sleep 0.01; done; }; echo $n");
        using var running = map.Start();
        await running.StandardInput.WriteAsync(MapRunner.Numbers(1, 40));
        Assert.Equal("1", await running.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        await worker.SeeFileAsync("waits");

        await coordinator.KillAsync();
        await coordinator.StartAsync();
        await File.WriteAllTextAsync(worker.PathOf("go"), "", TestContext.Current.CancellationToken);
        running.StandardInput.Close();

        Assert.Equal(MapRunner.Numbers(2, 39),
            await running.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        await running.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, running.ExitCode);
    }
}
