using System.Text.Json;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

/// <summary>submit, tasks, cancel, retry.</summary>
public sealed class TaskCommandTests
{
    [Theory]
    [InlineData("""{"n":12}""", """{"n":12}""")]
    [InlineData("12", "12")]
    [InlineData("hello world", "\"hello world\"")]
    [InlineData("12 apples", "\"12 apples\"")]
    [InlineData("12", "\"12\"", "--text")]
    [InlineData("{", "\"{\"", "--text")]
    public async Task Submit_TakesJson_AndOtherTextAsAString(string typed, string payload, params string[] options)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        Assert.Equal(["1"], await coordinator.LinesAsync(["submit", typed, "--queue", "q", .. options]));
        Assert.Equal(payload, Assert.Single(await coordinator.ClaimAsync("q")).GetProperty("payload").GetRawText());
    }

    [Fact]
    public async Task Submit_OfJsonWithASlip_IsRefused()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var result = await coordinator.WeftAsync("submit", """{"n":12""");
        Assert.Equal(2, result.ExitCode);
        Assert.Matches("^weft: This starts as JSON does, but is not valid at byte [0-9]+: [^|]* To send it as text, " +
            "add --text", result.Error);
    }

    [Fact]
    public async Task Submit_ReadsThePayloadFromStdin()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var result = await coordinator.FeedAsync("[1,2]\n", "submit");
        Assert.Equal("1\n", result.Output);
        Assert.Equal("[1,2]", Assert.Single(await coordinator.ClaimAsync("default")).GetProperty("payload")
            .GetRawText());
    }

    [Fact]
    public async Task Submit_WithAKey_GivesTheSameTaskAgain()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        Assert.Equal(["""{"id":1}"""], await coordinator.LinesAsync("submit", "7", "--key", "k", "--json"));
        Assert.Equal(["""{"id":1}"""], await coordinator.LinesAsync("submit", "7", "--key", "k", "--json"));
    }

    [Fact]
    public async Task Submit_PassesEveryOptionOn()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await coordinator.LinesAsync(
            "submit", "7", "--queue", "q", "--type", "square", "--priority", "-5", "--delay-seconds", "100",
            "--expires-in-seconds", "200.5",
            "--lease-seconds", "30", "--max-attempts", "2", "--requires", "simd", "--requires", "memory>=64");
        var task = (await coordinator.Wire.GetAsync("/api/v1/tasks/1")).Json;
        Assert.Equal(
            ["q", "square", "scheduled", "-5", "30", "2"],
            new[] { "queue", "type", "state", "priority", "leaseSeconds", "maxAttempts" }.Select(name =>
                task.GetProperty(name).ToString()));
        Assert.Equal(["memory>=64", "simd"], task.GetProperty("requires").EnumerateArray()
            .Select(label => label.GetString()!));
        Assert.Equal(200.5,
            (task.GetProperty("expiresAt").GetDateTimeOffset() - task.GetProperty("submittedAt")
            .GetDateTimeOffset()).TotalSeconds, 3);
    }

    [Fact]
    public async Task Tasks_AreListed_TheNewestFirst_ByStateAndQueue()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        foreach (var queue in (string[])["a", "b", "a"]) await coordinator.SubmitAsync(queue);
        await coordinator.LinesAsync("cancel", "3");

        Assert.Equal(["3", "2", "1"], await IdsAsync(coordinator));
        Assert.Equal(["1", "2"], await IdsAsync(coordinator, "--oldest", "--limit", "2"));
        Assert.Equal(["3", "1"], await IdsAsync(coordinator, "--queue", "a"));
        Assert.Equal(["3"], await IdsAsync(coordinator, "--state", "cancelled"));
        Assert.Equal(3, JsonElement.Parse((await coordinator.LinesAsync("tasks", "--json"))[0]).GetProperty("id")
            .GetInt32());
    }

    [Fact]
    public async Task CancelAndRetry_DoWhatTheyCan_AndTellWhatTheyCannot()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await coordinator.SubmitAsync("q");
        await coordinator.FinishAsync("q", "fail", "\"retry\":false");
        await coordinator.SubmitAsync("q");

        Assert.Equal(["Task 2 is cancelled."], await coordinator.LinesAsync("cancel", "2"));
        var result = await coordinator.WeftAsync("retry", "2", "1");

        Assert.Equal((1, "Task 1 is ready.\n"), (result.ExitCode, result.Output));
        Assert.StartsWith("weft: Task 2: ", result.Error, StringComparison.Ordinal);
        await coordinator.FinishAsync("q", "complete", "\"result\":1");
        Assert.Equal(new(1, "", "weft: Task 1: The task is already finished; nothing was changed.\n"),
            await coordinator.WeftAsync("cancel", "1"));
    }

    [Fact]
    public async Task Tasks_AreListed_ByWhateverIsAskedOfThem()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await coordinator.LinesAsync("submit", """{"name":"Ada"}""", "--type", "t", "--priority", "-5", "--queue", "q");
        await coordinator.FinishAsync("q", "fail", """
            "retry":false,"error":"out of luck & memory"
            """);
        await coordinator.LinesAsync("submit", "2");

        string[][] finding =
        [
            ["--type", "t"], ["--priority", "-5"], ["--error", "luck & mem"], ["--payload", "\"Ada\""],
            ["--finished-after", "2020-01-01", "--submitted-before", "2100-01-01T00:00:00Z"],
        ];
        foreach (var options in finding) Assert.Equal(["1"], await IdsAsync(coordinator, options));
        var worker = (await coordinator.Wire.GetAsync("/api/v1/tasks/1")).Json.GetProperty("workerId").GetString()!;
        Assert.Equal(["1"], await IdsAsync(coordinator, "--state", "dead", "--worker", worker));
        var none = await coordinator.WeftAsync("tasks", "--submitted-after", "2100-01-01");
        Assert.Equal((0, "weft: No tasks.\n"), (none.ExitCode, none.Error));
        var refused = await coordinator.WeftAsync("tasks", "--finished-before", "yesterday");
        Assert.Equal((1, "weft: finishedBefore must be a time such as 2030-01-31T12:00:00Z.\n"),
            (refused.ExitCode, refused.Error));
    }

    [Fact]
    public async Task Show_HasEachAttempt_AndWhyTheTaskIsNotRunning()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await coordinator.SubmitAsync("q");
        await coordinator.FinishAsync("q", "fail", "\"retry\":false,\"error\":\"no luck\"");
        Assert.DoesNotContain(await coordinator.LinesAsync("show", "1"), static line =>
            line.StartsWith("  Why", StringComparison.Ordinal));
        await coordinator.LinesAsync("retry", "1");
        await coordinator.LinesAsync("submit", "2", "--queue", "lonely");

        var shown = await coordinator.LinesAsync("show", "1");
        Assert.StartsWith("  Why        ", shown[1], StringComparison.Ordinal);
        Assert.Matches("^    1  20[0-9T:.Z-]+  [^ ]+  failed after [0-9.]+ s: no luck$",
            shown[shown.IndexOf("  History") + 1]);
        Assert.Contains("  Why        No worker seen in the last 60 s takes tasks from queue lonely.",
            await coordinator.LinesAsync("show", "2"));
    }

    [Fact]
    public async Task Show_HasHowAModuleIsRun()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var file = Path.Combine(coordinator.Folder, "empty.wasm");
        await File.WriteAllBytesAsync(file, WasmCommand.Bytes, TestContext.Current.CancellationToken);
        await coordinator.LinesAsync("submit", "1", "--module", file, "--arg=--fast", "--arg", "it's two", "--env",
            "MODE=slow", "--timeout-seconds", "2.5", "--memory-mb", "64", "--fixed");

        var shown = await coordinator.LinesAsync("show", "1");

        Assert.Contains("  Arguments  --fast 'it'\\''s two'", shown);
        Assert.Contains("  Variables  MODE=slow", shown);
        Assert.Contains("  Limits     2.5 s, 64 MB of memory, fixed clock and random numbers", shown);
    }

    private static async Task<string[]> IdsAsync(CoordinatorProcess coordinator, params string[] options) =>
        [.. (await coordinator.LinesAsync(["tasks", .. options])).Skip(1).Select(line => line.Cells()[0])];
}
