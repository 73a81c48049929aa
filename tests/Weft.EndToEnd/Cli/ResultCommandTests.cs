using System.Diagnostics;
using System.Text.Json;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

/// <summary>result, wait.</summary>
public sealed class ResultCommandTests
{
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
        Assert.Equal(new(4, "\"grüße\"\n", "weft: Task 3 is ready.\n"),
            await coordinator.WeftAsync("result", "1", "3"));
        Assert.Equal(1, (await coordinator.WeftAsync("result", "4")).ExitCode);
        Assert.Equal("completed",
            JsonElement.Parse(Assert.Single(await coordinator.LinesAsync("result", "1", "--json"))).GetProperty("state")
            .GetString());
    }

    [Theory]
    [InlineData("[\n\"forged\"\r\n,\r2]", "[ \"forged\"  , 2]", "[ \"forged\"  , 2]")]
    [InlineData("\"one\\ntwo\\r\\n\\u2028\"", "\"one\\ntwo\\r\\n\\u2028\"", "one\\ntwo\\r\\n\u2028")]
    public async Task AResultWithLineEnds_IsOneLine(string result, string json, string text)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await coordinator.SubmitAsync("q", "[\n1]");
        await coordinator.FinishAsync("q", "complete", $"\"result\":{result}");
        foreach (var command in (string[])["result", "wait"])
        {
            Assert.Equal(new(0, json + "\n", ""), await coordinator.WeftAsync(command, "1"));
            Assert.Equal(new(0, text + "\n", ""), await coordinator.WeftAsync(command, "1", "--text"));
            var whole = Assert.Single(await coordinator.LinesAsync(command, "1", "--json"));
            Assert.Equal(json, JsonElement.Parse(whole).GetProperty("result").GetRawText());
        }
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
        Assert.Contains("Retrying", await waiting.StandardError.ReadLineAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
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
        using var waiting = await StartWaitAsync(coordinator, "--timeout", "10");

        await coordinator.KillAsync();

        Assert.Contains("Retrying", await waiting.StandardError.ReadLineAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        Assert.Equal("weft: Task 2: The coordinator did not answer.\n",
            await waiting.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await waiting.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(4, waiting.ExitCode);
    }

    [Fact]
    public async Task Wait_GivesUp_WhenItsTimeIsOver_WhenItsTimeIsOver()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await coordinator.SubmitAsync("q");
        Assert.Equal(new(4, "", "weft: Task 1 is ready.\n"),
            await coordinator.WeftAsync("wait", "1", "--timeout", "0.2"));
    }

    /// <summary>Waits for two tasks, and has seen the first one finished.</summary>
    private static async Task<Process> StartWaitAsync(CoordinatorProcess coordinator, params string[] options)
    {
        await coordinator.SubmitAsync("first");
        await coordinator.FinishAsync("first", "complete", "\"result\":1");
        await coordinator.SubmitAsync("later");
        var waiting = Process.Start(
            WeftBinary.Describe(Path.GetTempPath(),
            ["wait", "1", "2", "--url", coordinator.Address.ToString(), .. options]))!;
        Assert.Equal("1", await waiting.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        return waiting;
    }
}
