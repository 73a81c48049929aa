using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

/// <summary>What is typed wrong is one line that says what, and whose help says more.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("--timeout: 'abc' is not a number from 0 to 315360000.", "weft wait", "wait", "1", "--timeout", "abc")]
    [InlineData("--priority: '101' is not a number from -100 to 100.", "weft submit", "submit", "1",
        "--priority", "101")]
    [InlineData("--priority: '1.5' is not a number from -100 to 100.", "weft submit", "submit", "1",
        "--priority", "1.5")]
    [InlineData("--delay-seconds: 'NaN' is not a number from 0 to 315360000.", "weft map", "map",
        "--delay-seconds", "NaN")]
    [InlineData("--limit: '0' is not a number from 1 to 2147483647.", "weft tasks", "tasks", "--limit", "0")]
    [InlineData("--concurrency: 'x' is neither auto nor a number from 1 to 256.", "weft worker", "worker", "--exec",
        "cat", "--concurrency", "x")]
    [InlineData("--workers: '0' is not a number from 1 to 64.", "weft demo", "demo", "--workers", "0")]
    [InlineData("Argument 'x' not recognized. Must be one of: 'scheduled' 'ready' 'leased' 'checking' 'completed' " +
        "'dead' 'cancelled'.", "weft tasks", "tasks", "--state", "x")]
    [InlineData("'two' is not a task id.", "weft cancel", "cancel", "1", "two")]
    [InlineData("Say what the worker runs: --exec COMMAND, --python or --modules.", "weft worker", "worker")]
    [InlineData("Unrecognized command or argument 'extra'.", "weft map", "map", "extra")]
    [InlineData("--assume-hostile: '0.5' is not a number from 0.001 to 0.4.", "weft map", "map", "--verify",
        "--assume-hostile", "0.5")]
    [InlineData("--assume-hostile has no effect without verification: add --verify.",
        "weft submit", "submit", "1", "--assume-hostile", "0.2")]
    public async Task AMistake_IsNamed(string message, string command, params string[] typed) =>
        Assert.Equal(new(2, "", $"weft: {message} Try '{command} --help'.\n"), await WeftBinary.RunAsync(typed));

    [Theory]
    [InlineData("Unrecognized option '--qeue'. Did you mean --queue?", "weft map", "map", "--qeue", "x")]
    // The parser would submit it.
    [InlineData("Unrecognized option '--qeue'. Did you mean --queue?", "weft submit", "submit", "--qeue=x")]
    [InlineData("Unrecognized option '--jsn'. Did you mean --json?", "weft queues pause", "queues", "pause",
        "q", "--jsn")]
    [InlineData("Unrecognized option '--nothing-like-it'.", "weft tasks", "tasks", "--nothing-like-it")]
    [InlineData("Unrecognized option '--prot'. Did you mean --port?", "weft", "--prot", "8080")]
    [InlineData("Unrecognized command 'paus'. Did you mean pause?", "weft queues", "queues", "paus", "x")]
    [InlineData("'mpa' is neither a command nor a port. Did you mean map?", "weft", "mpa")]
    [InlineData("'frobnicate' is neither a command nor a port.", "weft", "frobnicate", "--help")]
    public async Task AMistake_IsAnsweredWithWhatMayHaveBeenMeant(string message, string command,
        params string[] typed) =>
        Assert.Equal(new(2, "", $"weft: {message} Try '{command} --help'.\n"), await WeftBinary.RunAsync(typed));

    [Fact]
    public async Task WhatBeginsWithDashes_IsAPayload_AfterTwoDashes()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        Assert.Equal("1\n", (await coordinator.ShellAsync("$WEFT submit --text -- --qeue")).Output);
    }
}
