using System.Diagnostics;
using System.Text.Json;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

/// <summary>submit, result, wait, tasks, cancel, retry.</summary>
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
        Assert.Matches("^weft: This is not JSON: .* add --text", result.Error);
    }

    [Fact]
    public async Task Submit_ReadsThePayloadFromStdin()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var result = await coordinator.FeedAsync("[1,2]\n", "submit");
        Assert.Equal("1\n", result.Output);
        Assert.Equal("[1,2]", Assert.Single(await coordinator.ClaimAsync("default")).GetProperty("payload").GetRawText());
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
            "submit", "7", "--queue", "q", "--type", "square", "--priority", "-5", "--delay-seconds", "100", "--expires-in-seconds", "200.5",
            "--lease-seconds", "30", "--max-attempts", "2", "--requires", "simd", "--requires", "memory>=64");
        var task = (await coordinator.Wire.GetAsync("/api/v1/tasks/1")).Json;
        Assert.Equal(
            ["q", "square", "scheduled", "-5", "30", "2"],
            new[] { "queue", "type", "state", "priority", "leaseSeconds", "maxAttempts" }.Select(name => task.GetProperty(name).ToString()));
        Assert.Equal(["memory>=64", "simd"], task.GetProperty("requires").EnumerateArray().Select(label => label.GetString()!));
        Assert.Equal(200.5, (task.GetProperty("expiresAt").GetDateTimeOffset() - task.GetProperty("submittedAt").GetDateTimeOffset()).TotalSeconds, 3);
    }

    [Fact]
    public async Task Result_SaysHowATaskEnded_AlsoByItsExitCode()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await coordinator.SubmitAsync("done");
        await coordinator.FinishAsync("done", "complete", "\"result\":\"grüße\"");
        await coordinator.SubmitAsync("dies");
        await coordinator.FinishAsync("dies", "fail", "\"retry\":false,\"error\":\"no\\n\\u001b[31mway\"");
        await coordinator.SubmitAsync("waits");

        Assert.Equal(["\"grüße\""], await coordinator.LinesAsync("result", "1"));
        Assert.Equal(["grüße"], await coordinator.LinesAsync("result", "1", "--text"));
        Assert.Equal(new(3, "", "weft: Task 2 is dead: no  [31mway\n"), await coordinator.WeftAsync("result", "2"));
        Assert.Equal(new(4, "\"grüße\"\n", "weft: Task 3 is ready.\n"), await coordinator.WeftAsync("result", "1", "3"));
        Assert.Equal(1, (await coordinator.WeftAsync("result", "4")).ExitCode);
        Assert.Equal("completed", JsonElement.Parse(Assert.Single(await coordinator.LinesAsync("result", "1", "--json"))).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Wait_EndsWhenTheTaskDoes()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await coordinator.SubmitAsync("q");
        var waiting = coordinator.LinesAsync("wait", "1");
        await coordinator.FinishAsync("q", "complete", "\"result\":{\"n\":1}");
        Assert.Equal(["""{"n":1}"""], await waiting);
    }

    [Fact]
    public async Task Wait_OutlastsARestartOfTheCoordinator()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var waiting = await StartWaitAsync(coordinator);

        await coordinator.KillAsync();
        Assert.Contains("Trying again", await waiting.StandardError.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await coordinator.StartAsync();
        await coordinator.FinishAsync("later", "complete", "\"result\":7");

        Assert.Equal("7\n", await waiting.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        await waiting.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, waiting.ExitCode);
    }

    [Fact]
    public async Task Wait_GivesUp_AlsoWhileTheCoordinatorIsAway()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var waiting = await StartWaitAsync(coordinator, "--timeout", "3");

        await coordinator.KillAsync();

        Assert.Contains("Trying again", await waiting.StandardError.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal("weft: Task 2: The coordinator is away.\n", await waiting.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await waiting.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(4, waiting.ExitCode);
    }

    [Fact]
    public async Task Wait_GivesUp_WhenItsTimeIsOver_WhenItsTimeIsOver()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await coordinator.SubmitAsync("q");
        Assert.Equal(new(4, "", "weft: Task 1 is ready.\n"), await coordinator.WeftAsync("wait", "1", "--timeout", "0.2"));
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
        Assert.Equal(3, JsonElement.Parse((await coordinator.LinesAsync("tasks", "--json"))[0]).GetProperty("id").GetInt32());
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
    }

    [Fact]
    public async Task WhatIsNoId_IsAMistakeInUse()
    {
        var result = await WeftBinary.RunAsync("cancel", "1", "two");
        Assert.Equal(new(2, "", "weft: 'two' is not a task's id. Try 'weft --help'.\n"), result);
    }

    /// <summary>Waits for two tasks, and has seen the first one finished.</summary>
    private static async Task<Process> StartWaitAsync(CoordinatorProcess coordinator, params string[] options)
    {
        await coordinator.SubmitAsync("first");
        await coordinator.FinishAsync("first", "complete", "\"result\":1");
        await coordinator.SubmitAsync("later");
        var waiting = Process.Start(WeftBinary.Describe(Path.GetTempPath(), ["wait", "1", "2", "--url", coordinator.Address.ToString(), .. options]))!;
        Assert.Equal("1", await waiting.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        return waiting;
    }

    private static async Task<string[]> IdsAsync(CoordinatorProcess coordinator, params string[] options) =>
        [.. (await coordinator.LinesAsync(["tasks", .. options])).Skip(1).Select(line => line.Cells()[0])];
}
