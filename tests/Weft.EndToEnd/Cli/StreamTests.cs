using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

/// <summary>Stdin, stdout and stderr that are closed, full, or read by nobody.</summary>
public sealed class StreamTests
{
    [Fact]
    public async Task AClosedStdin_IsAnEmptyOne()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var result = await coordinator.ShellAsync("exec $WEFT submit <&-");
        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("weft: There is no payload: stdin is empty.", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AClosedStdoutAndStderr_GetNobodyElsesFiles()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var port = FreePort.Next();
        await coordinator.ShellAsync(
            $$"""
            (exec $WEFT serve --port {{port}} --access tokens --data closed <&- >&- 2>&-) & server=$!
            for _ in $(seq 600); do curl -s -o answer http://127.0.0.1:{{port}}/health && break; sleep 0.05; done
            for fd in 0 1 2; do readlink /proc/$server/fd/$fd; done >descriptors
            wc -c <closed/weft.lock >lock
            kill $server; wait $server; echo "exit $?" >>descriptors
            """);
        Assert.Equal(["/dev/null", "/dev/null", "/dev/null", "exit 0"],
            await File.ReadAllLinesAsync(Path.Combine(coordinator.Folder, "descriptors"),
            TestContext.Current.CancellationToken));
        Assert.Equal("0",
            (await File.ReadAllTextAsync(Path.Combine(coordinator.Folder, "lock"),
            TestContext.Current.CancellationToken)).Trim());
    }

    [Fact]
    public async Task Submit_WhoseIdCannotBeWritten_SaysThatTheTaskIsThere()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        Assert.Equal(
            new(5, "", "weft: Task 1 was submitted, but its id could not be written: No space left on device.\n"),
            await coordinator.ShellAsync("exec $WEFT submit 5 >/dev/full"));
        Assert.Single(await coordinator.LinesAsync("tasks", "--json"));
    }

    [Fact]
    public async Task AToken_ThatCannotBeWritten_IsRevoked()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var result = await coordinator.ShellAsync("exec $WEFT token create --scope work >/dev/full");
        Assert.Equal(new(1, "", "weft: Token 1 could not be written (No space left on device), so it has been " +
            "revoked.\n"), result);
        Assert.Empty(await coordinator.LinesAsync("token", "list", "--json"));
    }

    [Theory]
    [InlineData("queues")]
    [InlineData("tasks --json")]
    [InlineData("result 1")]
    [InlineData("wait 1 --json")]
    public async Task AFullDisk_IsSaidAtTheEnd(string command)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await coordinator.SubmitAsync("q");
        await coordinator.FinishAsync("q", "complete", "\"result\":1");
        Assert.Equal(new(5, "", "weft: The output could not be written: No space left on device.\n"),
            await coordinator.ShellAsync($"exec $WEFT {command} >/dev/full"));
    }

    [Fact]
    public async Task AFullStderr_EndsNothing()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        Assert.Equal(new(1, "", ""), await coordinator.ShellAsync("exec $WEFT cancel 7 8 2>/dev/full"));
    }

    [Theory]
    [InlineData("2>/dev/full", 0)]
    [InlineData("--json >/dev/full 2>&1", 5)]
    [InlineData("--json >&- 2>&-", 0)]
    public async Task AWorkerWhoseLogCannotBeWritten_WorksOn(string streams, int exitCode)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        Assert.Equal(new(0, $"1\n3\n{exitCode}\n", ""), await coordinator.ShellAsync(
            $$"""
            $WEFT worker --exec 'read n; [ $n != 2 ] && echo $n || exit 1' {{streams}} & worker=$!
            for n in 1 2 3; do $WEFT submit $n --max-attempts 1 >/dev/null; done
            $WEFT wait 1 3
            kill $worker; wait $worker; echo $?
            """));
    }

    [Fact]
    public async Task AMapWhoseJournalCannotBeWritten_SaysSo()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        const string Full = "mkdir full && mount -t tmpfs -o size=8k tmpfs full && (cat /dev/zero >full/fill " +
            "2>/dev/null || true) && export XDG_STATE_HOME=$PWD/full && echo 1 >line && exec <line";
        var result = await Mounts.RunAsync(coordinator.Folder, Full, "map", "--url", coordinator.Address.ToString());
        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Matches("^weft: The journal .*/full/weft/map/[0-9a-f]+ can't be written: No space left on device.*\n$",
            result.Error);
    }

    [Theory]
    [InlineData("stats --watch", "141")]
    [InlineData("stats --watch --json", "141")]
    public async Task AReaderThatGoes_EndsIt(string command, string exitCode)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var result = await coordinator.ShellAsync($"$WEFT {command} | head -1 >first; echo ${{PIPESTATUS[0]}}");
        Assert.Equal(new(0, exitCode + "\n", ""), result);
    }

    [Fact]
    public async Task Serve_GoesOn_WhereItsOutputCannotBeWritten()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var port = FreePort.Next();
        var result = await coordinator.ShellAsync(
            $"""
            $WEFT serve --port {port} --data full >/dev/full & server=$!
            for _ in $(seq 600); do curl -s -o answer http://127.0.0.1:{port}/health && break; sleep 0.05; done
            kill $server; wait $server; echo $?
            """);
        Assert.Equal("0\n", result.Output);
    }
}
