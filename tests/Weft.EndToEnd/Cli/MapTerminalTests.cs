using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

/// <summary><c>weft map</c> before somebody's eyes: a line says how far it is, and destroys nothing.</summary>
public sealed class MapTerminalTests
{
    // Long enough for the line to come and go between results.
    private const string Exec = "read n; sleep 0.1; echo result-$n";

    private static readonly string[] Results = [.. Enumerable.Range(1, 20).Select(n => $"\"result-{n}\"")];

    [Theory]
    [InlineData(40, "seq 1 20 | $MAP")]
    [InlineData(100, "seq 1 20 | $MAP")]
    [InlineData(40, "seq 1 20 | $MAP | tee copy")]
    [InlineData(100, "seq 1 20 | $MAP | tee copy")]
    [InlineData(100, "seq 1 20 | $MAP | cat -u")]
    public async Task EachResult_StaysOnTheScreen(int columns, string pipeline)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var map = new MapRunner(coordinator);
        await using var worker = new WorkerProcess(coordinator, Exec, "--concurrency", "2");

        var screen = await map.RunOnTerminalAsync(pipeline, columns);

        Assert.Equal(Results, screen.Lines.Where(line => line.StartsWith("\"result", StringComparison.Ordinal)));
        Assert.Contains(screen.Lines, line => line.Contains("20 of 20  100%", StringComparison.Ordinal));
        // A line that is too long would go on in the next one.
        Assert.All(screen.Erased, line => Assert.True(line.Length < columns, line));
        Assert.Equal(Results.Length + 2, screen.Lines.Count);
    }

    [Fact]
    public async Task TheLine_CountsWhatFailed()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var map = new MapRunner(coordinator);
        await using var worker = new WorkerProcess(coordinator, "read n; [ $n != 2 ] || exit 1; echo $n");
        var screen = await map.RunOnTerminalAsync("seq 1 3 | $MAP --max-attempts 1 > squares.ndjson || true", 100);
        Assert.Contains(screen.Lines, line => line.Contains("3 of 3  100%  1 failed", StringComparison.Ordinal));
        Assert.Equal("1\nnull\n3\n",
            await File.ReadAllTextAsync(map.PathOf("squares.ndjson"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task NoProgress_ShowsNone()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var map = new MapRunner(coordinator);
        await using var worker = new WorkerProcess(coordinator, Exec, "--concurrency", "2");
        var screen = await map.RunOnTerminalAsync("seq 1 20 | $MAP --no-progress", 100);
        Assert.Equal([.. Results, ""], screen.Lines);
        Assert.Empty(screen.Erased);
    }
}
