using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Script;

public sealed class TestCoordinatorScriptTests : IDisposable
{
    private static readonly TimeSpan RunMax = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("weft-e2e-");

    private static readonly string[] CommonHeaders =
    [
        "Cross-Origin-Opener-Policy",
        "Cross-Origin-Embedder-Policy",
        "Cross-Origin-Resource-Policy",
        "Access-Control-Allow-Origin",
        "Access-Control-Allow-Methods",
        "Access-Control-Allow-Headers",
        "X-Content-Type-Options",
        "Cache-Control",
    ];

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task TheScript_PassesAgainstTheBinary_AndLeavesNoOpenTask()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        AssertPassed(await RunAsync(coordinator.Address));
        AssertPassed(await RunAsync(coordinator.Address));
        Assert.Equal(await coordinator.Wire.StatAsync("totalTasks"), await coordinator.Wire.StatAsync("completed"));
    }

    [Fact]
    public async Task TheScript_PassesWithNcAlone()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        AssertPassed(await RunAsync(coordinator.Address, tools: ["nc"]));
    }

    [Fact]
    public async Task TheScript_WithNeitherCurlNorNc_SaysSo()
    {
        var result = await RunAsync(new Uri("http://127.0.0.1:1"), tools: []);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("needs curl or nc", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhereNobodyAnswers_TheScript_SaysSo()
    {
        var result = await RunAsync(new Uri($"http://127.0.0.1:{FreePort.Next()}"));
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("no coordinator answers", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhereTasksWait_TheScript_StopsBeforeItTakesOne()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var taskId = await coordinator.Wire.SubmitAsync("""{"of":"somebody else"}""");

        var result = await RunAsync(coordinator.Address);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("1 tasks wait", result.Error, StringComparison.Ordinal);
        Assert.Equal(new Outcome("pending", "\"\""), await coordinator.Wire.OutcomeAsync(taskId));
    }

    [Fact]
    public async Task WithForce_TheScript_NamesTheTaskItTook_AndDoesNotAnswerIt()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var taskId = await coordinator.Wire.SubmitAsync("""{"of":"somebody else"}""");

        var result = await RunAsync(coordinator.Address, options: ["--force"]);

        AssertPassed(result);
        Assert.Contains($"not ours: {taskId}.", result.Output, StringComparison.Ordinal);
        Assert.Equal(new Outcome("processing", "\"\""), await coordinator.Wire.OutcomeAsync(taskId));
    }

    // Of each answer another one: the script names the first that an answer lacks.
    [Fact]
    public Task AMissingHeader_IsNoticed()
    {
        var answers = 0;
        return AssertNoticedAsync([.. CommonHeaders.Select(static header => $"has {header} 0 times")],
            answer => answer.Headers.Remove(CommonHeaders[Interlocked.Increment(ref answers) % CommonHeaders.Length]));
    }

    [Fact]
    public Task AMissingAllow_IsNoticed() =>
        AssertNoticedAsync("has Allow 0 times", static answer => answer.Headers.Remove("Allow"));

    [Fact]
    public Task ADoubledHeader_IsNoticed() =>
        AssertNoticedAsync("has Cross-Origin-Opener-Policy: same-origin, same-origin",
        answer => answer.Headers["Cross-Origin-Opener-Policy"] = "same-origin, same-origin");

    [Fact]
    public Task AnEmptyQueueThatAnswers200_IsNoticed() => AssertNoticedAsync("expected 204", answer =>
    {
        if (answer.Status != 204) return;
        answer.Status = 200;
        answer.Body = "null";
    });

    [Fact]
    public Task OptionsThatAnswer204_AreNoticed() => AssertNoticedAsync("expected 200, got 204", answer =>
    {
        if (answer.Method == "OPTIONS") answer.Status = 204;
    });

    [Fact]
    public Task UnescapedQuotes_AreNoticed() =>
        AssertNoticedAsync("breaks the quotes", answer => answer.Body = answer.Body.Replace("\\", ""));

    [Fact]
    public Task AChangedPayload_IsNoticed() =>
        AssertNoticedAsync("does not hand out", answer => answer.Body = answer.Body.Replace("\"B\"", "\"b\""));

    [Fact]
    public Task AnUnknownTaskThatAnswers200_IsNoticed() => AssertNoticedAsync("expected 404, got 200", answer =>
    {
        if (answer.Status == 404) answer.Status = 200;
    });

    private Task AssertNoticedAsync(string complaint, Action<PassedAnswer> flaw) =>
        AssertNoticedAsync([complaint], flaw);

    private async Task AssertNoticedAsync(string[] complaints, Action<PassedAnswer> flaw)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var flawed = new FlawedCoordinator(coordinator.Address, flaw);
        var result = await RunAsync(flawed.Address);
        Assert.True(result.ExitCode == 1, $"Expected exit code 1, got {result}");
        Assert.Contains("  FAILED", result.Output, StringComparison.Ordinal);
        Assert.All(complaints, complaint => Assert.Contains(complaint, result.Output, StringComparison.Ordinal));
    }

    private static void AssertPassed(CommandResult result)
    {
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Matches(@"\n[1-9]\d* passed, 0 failed\n$", result.Output);
    }

    // tools: the only commands on the path beside bash; everything when null.
    private Task<CommandResult> RunAsync(Uri address, string[]? tools = null, string[]? options = null)
    {
        var start = Command.Describe("/bin/bash", folder.FullName,
            [Repository.PathOf("test-coordinator.sh"), .. options ?? [], address.ToString()]);
        if (tools is not null) start.Environment["PATH"] = FolderWith(tools);
        return Command.RunAsync(start, RunMax);
    }

    private string FolderWith(string[] tools)
    {
        var path = folder.CreateSubdirectory("bin").FullName;
        foreach (var tool in tools) File.CreateSymbolicLink(Path.Combine(path, tool), Find(tool));
        return path;
    }

    private static string Find(string tool) => Environment.GetEnvironmentVariable("PATH")!.Split(':')
        .Select(place => Path.Combine(place, tool)).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"{tool} is needed for this test.");
}
