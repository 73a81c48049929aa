using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

/// <summary>Results that are null, ids that nobody knows, errors that are long.</summary>
public sealed class NullAndUnknownTests
{
    [Fact]
    public async Task Null_IsAResult_AndTheRunIsDone()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var map = new MapRunner(coordinator);
        await using var worker = new WorkerProcess(coordinator, "read n; [ $n != 2 ] && echo $n || echo null");

        Assert.Equal(new(0, "1\nnull\n3\n", ""), await map.RunAsync("1\n2\n3\n"));
        Assert.Empty(Directory.GetFiles(map.PathOf("weft/map")));
        Assert.Equal(["null"], await coordinator.LinesAsync("wait", "2"));
        Assert.EndsWith("\"result\":null}", Assert.Single(await coordinator.LinesAsync("result", "2", "--json")),
            StringComparison.Ordinal);
        Assert.Contains("\"line\":1,\"id\":4,\"state\":\"completed\",\"result\":null",
            (await map.RunAsync("2\n", "--json")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("result")]
    [InlineData("wait")]
    public async Task AnUnknownId_HidesNoOther(string command)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await coordinator.SubmitAsync("q");
        await coordinator.FinishAsync("q", "complete", "\"result\":7");
        Assert.Equal(new(1, "7\n", "weft: Task 99: It never existed, or retention has deleted it.\n"),
            await coordinator.WeftAsync(command, "99", "1"));
    }

    [Fact]
    public async Task AnError_IsCutAtItsBeginning_AndShowHasAllOfIt()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await coordinator.SubmitAsync("q");
        var frames = string.Concat(Enumerable.Range(1, 30).Select(n => $"  File job.py, line {n}\\n"));
        await coordinator.FinishAsync("q", "fail",
            $"\"retry\":false,\"error\":\"Traceback:\\n{frames}ValueError: the reason\"");

        Assert.EndsWith(" ValueError: the reason (weft show 1 has the rest)\n",
            (await coordinator.WeftAsync("result", "1")).Error, StringComparison.Ordinal);
        var shown = await coordinator.LinesAsync("show", "1");
        Assert.Equal("Task 1 is dead.", shown[0]);
        Assert.Contains("    Traceback:", shown);
        Assert.Equal("    ValueError: the reason", shown[^1]);
    }

    [Theory]
    [InlineData("ValueError: no -2\\nIt printed:\\nhello\\nTraceback (most recent call last):\\nValueError: no -2",
        "ValueError: no -2 (weft show 1 has the rest)")]
    [InlineData("Error: no -2\\n    at task (task.js:2:9)", "Error: no -2 (weft show 1 has the rest)")]
    [InlineData("Exit code 1: warned\\nTraceback (most recent call last):\\nValueError: no -2",
        "Exit code 1: warned Traceback (most recent call last): ValueError: no -2")]
    [InlineData("two\\nlines", "two lines")]
    public async Task AnErrorWithATrace_IsItsFirstLine(string error, string expected)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await coordinator.SubmitAsync("q");
        await coordinator.FinishAsync("q", "fail", $"\"retry\":false,\"error\":\"{error}\"");

        Assert.Equal($"weft: Task 1 is dead: {expected}\n", (await coordinator.WeftAsync("result", "1")).Error);
        var inShort = expected.Replace(" (weft show 1 has the rest)", "", StringComparison.Ordinal);
        Assert.Contains(await coordinator.LinesAsync("show", "1"),
            line => line.EndsWith($": {inShort}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ALineThatIsNoJson_CanBeMended_AndTheSameCommandGoesOn()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var map = new MapRunner(coordinator);
        await using var worker = new WorkerProcess(coordinator, "cat");
        Assert.Equal(2, (await map.RunAsync("1\n{\"n\":\n3\n")).ExitCode);
        Assert.Equal((0, "1\n3\n"), await map.RunAsync("1\n3\n") is var result
            ? (result.ExitCode, result.Output) : default);
    }

    [Theory]
    [InlineData("99999999999999999999 map-x\n")]
    [InlineData("1 map-x\n99999999999\n")]
    [InlineData("1 map-x\n-5\n")]
    public async Task AJournalWithNumbersThatAreNone_IsNamed(string journal)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var map = new MapRunner(coordinator);
        await map.RunAsync("{\n");
        await File.WriteAllTextAsync(map.Journal, journal, TestContext.Current.CancellationToken);
        Assert.Equal(new(1, "", $"weft: {map.Journal} is damaged. Delete it to start over.\n"),
            await map.RunAsync("1\n"));
    }

    [Fact]
    public async Task Wait_SaysThatNobodyWorks()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await coordinator.SubmitAsync("slwo");
        var result = await coordinator.WeftAsync("wait", "1", "--timeout", "16");
        Assert.StartsWith("weft: No worker serves queue slwo; 1 task waiting. Start one: weft worker --queue slwo",
            result.Error, StringComparison.Ordinal);
    }
}
