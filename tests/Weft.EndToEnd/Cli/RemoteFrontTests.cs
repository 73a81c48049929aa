using System.Diagnostics;
using Weft.EndToEnd.Running;
using Weft.Testing.Fronts;

namespace Weft.EndToEnd.Cli;

/// <summary><c>weft map</c> and <c>weft wait</c> behind something that answers in the coordinator's place.</summary>
public sealed class RemoteFrontTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> Lies() => new([.. FrontLies.Names, "413"]);

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task Map_GoesOn_WhateverAnsweredMeanwhile(string lie)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var front = new LyingFront(coordinator.Address);
        using var map = new MapRunner(front.Url);
        await using var worker = new WorkerProcess(coordinator, "cat");
        using var running = map.Start("--no-progress");
        await running.StandardInput.WriteAsync("1\n");
        await running.StandardInput.FlushAsync(Stop);
        Assert.Equal("1", await running.StandardOutput.ReadLineAsync(Stop));

        // What is too large for a proxy is its line's trouble; a request without a body can't be.
        front.Lie(request => lie == "413" && request.Length > 0 ? null : AnswerOf(lie));
        await running.StandardInput.WriteAsync("2\n3\n");
        running.StandardInput.Close();
        await SeeLiesAsync(front, lie);
        await front.TellTheTruthAsync();

        Assert.Equal("2\n3\n", await running.StandardOutput.ReadToEndAsync(Stop)
            .WaitAsync(Eventually.Max, TimeProvider.System, Stop));
        await running.WaitForExitAsync(Stop);
        Assert.Equal(0, running.ExitCode);
    }

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task Wait_GoesOn_WhateverAnsweredMeanwhile(string lie)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var front = new LyingFront(coordinator.Address);
        await coordinator.SubmitAsync("done");
        await coordinator.FinishAsync("done", "complete", "\"result\":1");
        await coordinator.SubmitAsync("later");
        // The first look, and the first task, are told the truth.
        front.Lie(request => request.Path.StartsWith("/api/v1/tasks/2", StringComparison.Ordinal)
            ? AnswerOf(lie)
            : null);
        using var waiting =
            Process.Start(WeftBinary.Describe(Path.GetTempPath(), "wait", "1", "2", "--url", front.Url.ToString()))!;
        Assert.Equal("1", await waiting.StandardOutput.ReadLineAsync(Stop));
        await SeeLiesAsync(front, lie);
        await front.TellTheTruthAsync();
        await coordinator.FinishAsync("later", "complete", "\"result\":7");

        Assert.Equal("7\n", await waiting.StandardOutput.ReadToEndAsync(Stop)
            .WaitAsync(Eventually.Max, TimeProvider.System, Stop));
        await waiting.WaitForExitAsync(Stop);
        Assert.Equal(0, waiting.ExitCode);
    }

    [Fact]
    public async Task Map_SendsSmallerParts_WhereAProxyTakesNoLargeOnes()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var front = new LyingFront(coordinator.Address);
        using var map = new MapRunner(front.Url);
        await using var worker = new WorkerProcess(coordinator, "cat", "--concurrency", "4");
        front.Lie(static request => request.Length > 1_000 ? FrontAnswer.Page(413) : null);
        var result = await map.RunAsync(MapRunner.Numbers(1, 200));
        Assert.Equal(new(0, MapRunner.Numbers(1, 200), ""), result);
    }

    [Fact]
    public async Task Map_NamesTheLine_ThatAProxyDoesNotTake()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var front = new LyingFront(coordinator.Address);
        using var map = new MapRunner(front.Url);
        await using var worker = new WorkerProcess(coordinator, "cat");
        front.Lie(static request => request.Length > 1_000 ? FrontAnswer.Page(413) : null);
        var result = await map.RunAsync($"1\n\"{new string('x', 2_000)}\"\n3\n");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"weft: Line 2: A proxy in front of the coordinator at {front.Url} answered 413", result.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Map_GoesOnWithARun_WhoseFirstBatchIsRefusedForNow()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var front = new LyingFront(coordinator.Address);
        using var map = new MapRunner(front.Url);
        await using var worker = new WorkerProcess(coordinator,
            "read n; [ $n -le 2 ] || until [ -e go ]; do sleep 0.01; done; echo $n >> log; echo $n",
            "--concurrency", "4");
        using (var running = map.Start("--no-progress"))
        {
            // Each line a batch.
            for (var n = 1; n <= 2; n++)
            {
                await running.StandardInput.WriteAsync($"{n}\n");
                await running.StandardInput.FlushAsync(Stop);
                Assert.Equal($"{n}", await running.StandardOutput.ReadLineAsync(Stop));
            }

            running.Send(UnixSignal.Interrupt);
            await running.WaitForExitAsync(Stop);
        }

        var refusals = 0;
        front.Lie(request => request.Path.EndsWith("/tasks/batch", StringComparison.Ordinal)
            && Interlocked.Increment(ref refusals) == 1
            ? FrontAnswer.Problem(429, "too_many_unfinished") : null);
        await File.WriteAllTextAsync(worker.PathOf("go"), "", Stop);
        using (var running = map.Start("--no-progress"))
        {
            await running.StandardInput.WriteAsync("1\n2\n3\n");
            await running.StandardInput.FlushAsync(Stop);
            for (var n = 1; n <= 3; n++) Assert.Equal($"{n}", await running.StandardOutput.ReadLineAsync(Stop));
            running.Kill();
            await running.WaitForExitAsync(Stop);
        }

        // The journal still has all: the same lines are known again, and nothing is computed twice.
        var last = await map.RunAsync(MapRunner.Numbers(1, 4), "--no-progress");
        Assert.Equal((0, MapRunner.Numbers(1, 4)), (last.ExitCode, last.Output));
        Assert.Equal(["1", "2", "3", "4"], (await File.ReadAllLinesAsync(worker.PathOf("log"), Stop)).Order());
    }

    [Theory]
    [InlineData("--no-progress")]
    [InlineData("--unordered")]
    public async Task Map_WhoseResultsAreDeletedBeforeItReadsThem_Ends_AndNamesTheLine(string option)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var front = new LyingFront(coordinator.Address);
        using var map = new MapRunner(front.Url);
        // As a retention that is shorter than the run leaves them: all are there, and none comes any more.
        front.Lie(static request => request.Path.Contains("/results", StringComparison.Ordinal)
            ? FrontAnswer.Lines("""{"cursor":"f0","done":true}""") : null);
        var result = await map.RunAsync("1\n2\n", option);
        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains("weft: Line 1: The coordinator deleted the result before it was printed", result.Error,
            StringComparison.Ordinal);
    }

    private static FrontAnswer AnswerOf(string lie) => lie == "413" ? FrontAnswer.Page(413) : FrontLies.Of(lie);

    // A request that hangs is one; any other is tried again.
    private static Task<int> SeeLiesAsync(LyingFront front, string lie) =>
        Eventually.SeeAsync("the front has lied", () => Task.FromResult(front.Lies),
            lies => lies >= (lie == "silence" ? 1 : 3));
}
