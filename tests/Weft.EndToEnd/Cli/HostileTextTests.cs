using System.Net;
using System.Net.Sockets;
using System.Text;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

/// <summary>What strangers wrote doesn't steer the terminal that shows it.</summary>
public sealed class HostileTextTests
{
    // Clears the screen, in 7 and in 8 bits, sets the title, and writes backwards.
    private const string Hostile = "\e[2J\u009b2J\e]0;owned\a\u202edeyap";
    private const string Json = """\u001b[2J\u009b2J\u001b]0;owned\u0007\u202edeyap""";

    [Theory]
    [InlineData("result 1 --text")]
    [InlineData("result 1")]
    [InlineData("result 1 --json")]
    [InlineData("wait 1 --text")]
    [InlineData("show 1")]
    [InlineData("show 2")]
    [InlineData("show 2 --json")]
    [InlineData("tasks")]
    [InlineData("tasks --json")]
    [InlineData("workers")]
    [InlineData("groups")]
    [InlineData("wait 2 || true")]
    public async Task OnATerminal_NothingOfATaskSteersIt(string command)
    {
        await using var coordinator = await PrepareAsync();
        AssertInert(await ShowAsync($"{WeftBinary.Path} " +
            (command.Contains("||", StringComparison.Ordinal)
                ? command.Replace(" ||", $" --url {coordinator.Address} ||", StringComparison.Ordinal)
                : $"{command} --url {coordinator.Address}")));
    }

    [Fact]
    public async Task InAPipe_AResultIsAsItIs()
    {
        await using var coordinator = await PrepareAsync();
        Assert.Equal(new(0, Hostile + "\n", ""), await coordinator.WeftAsync("result", "1", "--text"));
        Assert.Equal(new(0, Hostile + "\n", ""), await coordinator.WeftAsync("wait", "1", "--text"));
    }

    [Fact]
    public async Task TheDetailOfAHostileCoordinator_SteersNothing()
    {
        // Its second line would look like one of this program's.
        var problem =
            $$"""{"type":"urn:weft:problem:{{Json}}","title":"{{Json}}","status":400,"detail":"{{Json}}\r\nweft: All is well.\u2028","code":"{{Json}}"}""";
        var answer = $"HTTP/1.1 400 Bad Request\r\nContent-Type: application/problem+json\r\nContent-Length: " +
            $"{Encoding.UTF8.GetByteCount(problem)}\r\nConnection: close\r\n\r\n{problem}";
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var answering = AnswerAsync(listener, Encoding.UTF8.GetBytes(answer), stop.Token);
        foreach (var command in (string[])["submit 1", "tasks", "result 1", "show 1", "queues", "token list"])
        {
            var shown = await ShowAsync($"{WeftBinary.Path} {command} --url {listener.LocalEndpoint} || true");
            AssertInert(shown);
            Assert.Contains("owned", shown, StringComparison.Ordinal);
            Assert.DoesNotContain("\nweft: All", shown, StringComparison.Ordinal);
        }

        await stop.CancelAsync();
        await answering;
    }

    private static async Task AnswerAsync(TcpListener listener, byte[] answer, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(stop);
                var stream = client.GetStream();
                await stream.ReadAtLeastAsync(new byte[65_536], 1, throwOnEndOfStream: false, stop);
                await stream.WriteAsync(answer, stop);
                client.Client.Shutdown(SocketShutdown.Send);
                // Until the other side has read it: closing before would reset the connection.
                while (await stream.ReadAsync(new byte[4096], stop) > 0) { }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    /// <summary>
    /// Task 1 has a hostile result, task 2 a hostile error, type and payload, and their worker and group hostile names.
    /// </summary>
    private static async Task<CoordinatorProcess> PrepareAsync()
    {
        var coordinator = await CoordinatorProcess.StartNewAsync();
        await coordinator.SubmitAsync("q");
        await coordinator.FinishAsync("q", "complete", $"\"result\":\"{Json}\"");
        Assert.Equal(201, (await coordinator.Wire.PostAsync("/api/v1/groups", $$"""{"name":"{{Json}}"}""")).Status);
        Assert.Equal(201,
            (await coordinator.Wire.PostAsync("/api/v1/tasks",
            $$"""{"queue":"q","payload":"{{Json}}","type":"t","maxAttempts":1}""")).Status);
        await coordinator.FinishAsync("q", "fail", $"\"error\":\"{Json}\"");
        return coordinator;
    }

    /// <returns>All that a command writes on a terminal.</returns>
    private static async Task<string> ShowAsync(string command)
    {
        var start = Command.Describe("script", Path.GetTempPath(),
            ["--quiet", "--return", "--command", command, "/dev/null"]);
        start.Environment["TERM"] = "xterm";
        var result = await Command.RunAsync(start, Eventually.Max);
        Assert.True(result.ExitCode == 0, result.ToString());
        return result.Output;
    }

    private static void AssertInert(string shown)
    {
        Assert.NotEmpty(shown);
        Assert.DoesNotContain(shown,
            static character => (char.IsControl(character) && character is not ('\r' or '\n' or '\t'))
            || character == '\u202e');
    }
}
