using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

/// <summary>
/// Lines and results that other programs stumble over: half of a surrogate pair, much nesting, great length.
/// </summary>
public sealed class MapOddDataTests
{
    private const string Half = "\"cut \\ud83d\"";
    // Nearly as deep as the coordinator takes: it counts the three levels around a task of a batch, too.
    private static readonly string Deep = new string('[', 60) + new string(']', 60);

    [Theory]
    [InlineData(Half, Half)]
    [InlineData(Half, "cut \uFFFD", "--text")]
    [InlineData(Half, "{\"id\":1,", "--json")]
    [InlineData("{\"a\":\"\\ud83d\",\"\\udc00\":1}", "{\"a\":\"\\ud83d\",\"\\udc00\":1}")]
    [InlineData("deep", "deep")]
    [InlineData("deep", "deep", "--text")]
    [InlineData("deep", "{\"id\":1,", "--json")]
    public async Task ResultAndWait_PrintIt(string result, string output, params string[] options)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await coordinator.SubmitAsync("q");
        await coordinator.FinishAsync("q", "complete",
            $"\"result\":{result.Replace("deep", Deep, StringComparison.Ordinal)}");
        foreach (var verb in (string[])["result", "wait"])
        {
            var line = Assert.Single(await coordinator.LinesAsync([verb, "1", .. options]));
            if (options.Contains("--json")) Assert.StartsWith(output, line, StringComparison.Ordinal);
            else Assert.Equal(output.Replace("deep", Deep, StringComparison.Ordinal), line);
        }
    }

    [Theory]
    [InlineData(Half)]
    [InlineData("{\"a\":\"cut \\ud83d\",\"\\udc00\":1}")]
    [InlineData("deep")]
    public async Task Submit_SendsItAsItIs(string payload)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var sent = payload.Replace("deep", Deep, StringComparison.Ordinal);
        Assert.Equal(["1"], await coordinator.LinesAsync("submit", sent, "--queue", "q"));
        Assert.Equal(sent, Assert.Single(await coordinator.ClaimAsync("q")).GetProperty("payload").GetRawText());
        Assert.Contains(sent, string.Join('\n', await coordinator.LinesAsync("show", "1")), StringComparison.Ordinal);
        Assert.Contains(sent, string.Join('\n', await coordinator.LinesAsync("show", "1", "--json")),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("{0}", "--text")]
    [InlineData("{{\"line\":2,\"id\":2,\"state\":\"completed\",\"result\":{0}}}", "--json")]
    public async Task Map_PrintsALineForIt(string form, params string[] options)
    {
        foreach (var odd in (string[])[Half, Deep])
        {
            await using var coordinator = await CoordinatorProcess.StartNewAsync();
            using var map = new MapRunner(coordinator);
            await using var worker = new WorkerProcess(coordinator,
                $"read n; [ $n = 1 ] && printf '{odd.Replace("\\", "\\\\", StringComparison.Ordinal)}' || echo $n");
            var result = await map.RunAsync("0\n1\n2\n", options);
            Assert.True(result is { ExitCode: 0, Error: "" }, result.ToString());
            var text = options.Contains("--text") && odd == Half ? "cut \uFFFD" : odd;
            Assert.Equal(string.Format(null, form, text), result.Output.Split('\n')[1]);
            Assert.Equal(4, result.Output.Split('\n').Length);
        }
    }

    [Theory]
    [InlineData(Half)]
    [InlineData("deep")]
    public async Task Map_TakesItAsALine(string line)
    {
        var odd = line.Replace("deep", Deep, StringComparison.Ordinal);
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var map = new MapRunner(coordinator);
        await using var worker = new WorkerProcess(coordinator, "wc -l");
        Assert.Equal(new(0, "1\n1\n1\n", ""), await map.RunAsync($"1\n{odd}\n3\n"));
    }

    [Fact]
    public async Task Map_TakesLongLinesOfAnyLanguage_InBatchesThatFit()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var map = new MapRunner(coordinator);
        await using var worker = new WorkerProcess(coordinator, "wc -c", "--concurrency", "4");
        // 29,700 bytes each; 23 MB altogether.
        var line = string.Concat(Enumerable.Repeat("слово ", 2_700));
        var result = await map.RunAsync(string.Concat(Enumerable.Repeat(line + "\n", 800)), "--text");
        Assert.True(result is { ExitCode: 0, Error: "" }, result.ToString());
        Assert.Equal(800, result.Output.Count(static character => character == '\n'));
    }

    [Fact]
    public async Task Map_SendsALineThatIsTooLargeForABatch_ByItself_AndGoesOnWithIt()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var map = new MapRunner(coordinator);
        // 8 MB of UTF-8, that no encoding makes longer.
        var input = $"a\n{string.Concat(Enumerable.Repeat("я<", 2_700_000))}\nb\n";
        await using (var worker = new WorkerProcess(coordinator, "wc -c; echo 1 >> log"))
        {
            var result = await map.RunAsync(input, "--text");
            Assert.True(result is { ExitCode: 0, Error: "" }, result.ToString());
            Assert.Equal(["2", "8100001", "2"], result.Output.TrimEnd().Split('\n'));
        }

        var refused = await map.RunAsync($"a\n{new string('x', 11_000_000)}\n", "--text");
        Assert.Equal(1, refused.ExitCode);
        Assert.StartsWith("weft: Line 2: ", refused.Error, StringComparison.Ordinal);
        Assert.EndsWith("larger than this path accepts: 10485760 bytes at most. 1 line submitted: correct the input " +
            "and " +
            "run the same command again to continue.\n", refused.Error, StringComparison.Ordinal);
    }
}
