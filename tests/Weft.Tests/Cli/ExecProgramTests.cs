using System.Diagnostics;
using System.Text;
using Weft.Cli.Exec;

namespace Weft.Tests.Cli;

public sealed class ExecProgramTests
{
    private static readonly TimeSpan Max = TimeSpan.FromMinutes(2);
    private static readonly Dictionary<string, string> NoVariables = [];

    [Fact]
    public async Task TheInput_IsOnStdin_AndTheOutputIsWhatStdoutGot()
    {
        var outcome = await RunAsync("read n; echo $((n * n))", "12\n");
        Assert.Equal("144\n", Text(outcome));
    }

    [Fact]
    public async Task Variables_AreInTheEnvironment()
    {
        var outcome =
            await new ExecProgram("echo $WEFT_TASK_ID", 100).RunAsync(default,
                new Dictionary<string, string> { ["WEFT_TASK_ID"] = "7" }, null, TestContext.Current.CancellationToken)
                .WaitAsync(Max, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal("7\n", Text(outcome));
    }

    [Fact]
    public async Task MegabytesBothWays_DontBlockEachOther()
    {
        var input = new string('x', 5_000_000);
        Assert.Equal(input, Text(await RunAsync("tee /dev/stderr", input)));
    }

    [Fact]
    public async Task InputThatIsNotRead_IsNoFailure() =>
        Assert.Equal("ready\n", Text(await RunAsync("echo ready", new string('x', 1_000_000))));

    [Fact]
    public async Task AnExitCode_IsAFailure_WithTheEndOfStderr()
    {
        var outcome = await RunAsync("seq 1 100000 >&2; echo out; exit 3", "");
        Assert.Null(outcome.Output);
        Assert.Matches(@"^Exit code 3: [\d\n]*99999\n100000$", outcome.Error);
        Assert.InRange(outcome.Error!.Length, 3_900, 4_096);
    }

    [Fact]
    public async Task TheEndOfStderr_BeginsWithAWholeCharacter()
    {
        var outcome =
            await RunAsync("i=0; while [ $i -lt 3000 ]; do printf ä; i=$((i+1)); done >&2; printf x >&2; exit 1", "");
        Assert.Matches("^Exit code 1: ä+x$", outcome.Error);
    }

    [Fact]
    public async Task AFailureWithoutWords_IsItsExitCode() =>
        Assert.Equal("Exit code 7", (await RunAsync("exit 7", "")).Error);

    [Fact]
    public async Task OutputWithoutEnd_IsCutShort()
    {
        var outcome = await RunAsync("yes", "");
        Assert.Equal("The program's output is over 10000000 bytes.", outcome.Error);
    }

    [Theory]
    [InlineData("sleep 1000 & sleep 1000")]
    [InlineData("setsid sleep 1000 & sleep 1000")]
    [InlineData("(sleep 1000 & sleep 1000 &); exec sleep 1000")]
    [InlineData("trap '' TERM INT HUP; sleep 1000; sleep 1000")]
    public async Task Killed_ItEndsWithAllThatItStarted(string command)
    {
        using var alive = await Fifo.CreateAsync();
        using var kill = new CancellationTokenSource();
        var running = new ExecProgram($"exec 3>{alive.Path}; echo started >&3; {command}", 100).RunAsync(default,
            NoVariables, null, kill.Token);
        using var reader = alive.Open();
        Assert.Equal("started", await reader.ReadLineAsync(TestContext.Current.CancellationToken));

        await kill.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            running.WaitAsync(Max, TimeProvider.System, TestContext.Current.CancellationToken));
        await AssertAllHaveEndedAsync(reader);
    }

    [Fact]
    public async Task WhatItLeavesBehind_EndsWithIt()
    {
        using var alive = await Fifo.CreateAsync();
        var running = RunAsync($"exec 3>{alive.Path}; sleep 1000 & echo done", "");
        using var reader = alive.Open();
        Assert.Equal("done\n", Text(await running));
        await AssertAllHaveEndedAsync(reader);
    }

    [Fact]
    public async Task KilledBeforeItStarts_ItDoesNotStart()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            new ExecProgram($"touch {path}", 100).RunAsync(default, NoVariables, null,
                new CancellationToken(canceled: true)));
        Assert.False(File.Exists(path));
    }

    private static Task<ExecOutcome> RunAsync(string command, string input) =>
        new ExecProgram(command, 10_000_000).RunAsync(Encoding.UTF8.GetBytes(input), NoVariables, null,
            TestContext.Current.CancellationToken).WaitAsync(Max, TimeProvider.System,
                TestContext.Current.CancellationToken);

    private static string Text(ExecOutcome outcome)
    {
        Assert.Null(outcome.Error);
        return Encoding.UTF8.GetString(outcome.Output!);
    }

    // A pipe is at its end when the last process that holds it has ended.
    private static async Task AssertAllHaveEndedAsync(StreamReader reader) =>
        Assert.Empty(await reader.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(Max,
            TimeProvider.System, TestContext.Current.CancellationToken));

    private sealed class Fifo : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weft-exec-");

        public string Path => System.IO.Path.Combine(_folder.FullName, "fifo");

        public static async Task<Fifo> CreateAsync()
        {
            var fifo = new Fifo();
            using var making = Process.Start("mkfifo", [fifo.Path]);
            await making.WaitForExitAsync(TestContext.Current.CancellationToken);
            return fifo;
        }

        public StreamReader Open() => new(Path);

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
