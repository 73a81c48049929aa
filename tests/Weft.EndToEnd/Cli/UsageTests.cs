using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

/// <summary>What is typed wrong is one line that says what.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("--timeout: 'abc' is not a number from 0 to 315360000.", "wait", "1", "--timeout", "abc")]
    [InlineData("--priority: '101' is not a number from -100 to 100.", "submit", "1", "--priority", "101")]
    [InlineData("--priority: '1.5' is not a number from -100 to 100.", "submit", "1", "--priority", "1.5")]
    [InlineData("--delay-seconds: 'NaN' is not a number from 0 to 315360000.", "map", "--delay-seconds", "NaN")]
    [InlineData("--limit: '0' is not a number from 1 to 2147483647.", "tasks", "--limit", "0")]
    [InlineData("--concurrency: 'x' is not a number from 1 to 256.", "worker", "--exec", "cat", "--concurrency", "x")]
    [InlineData("--workers: '0' is not a number from 1 to 64.", "demo", "--workers", "0")]
    [InlineData("Argument 'x' not recognized. Must be one of: 'scheduled' 'ready' 'leased' 'completed' 'dead' 'cancelled'", "tasks", "--state", "x")]
    [InlineData("'two' is not a task's id.", "cancel", "1", "two")]
    [InlineData("Option '--exec' is required.", "worker")]
    [InlineData("Unrecognized command or argument 'extra'.", "map", "extra")]
    public async Task AMistake_IsNamed(string message, params string[] typed) =>
        Assert.Equal(new(2, "", $"weft: {message} Try 'weft --help'.\n"), await WeftBinary.RunAsync(typed));
}
