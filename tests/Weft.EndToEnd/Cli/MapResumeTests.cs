using System.Diagnostics;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

/// <summary>Interrupted, the same command goes on instead of starting over.</summary>
public sealed class MapResumeTests
{
    // Writes down what it computes, and stops at half until it may go on.
    private const string Exec =
        "read n; [ $n -le 60 ] || until [ -e go ]; do sleep 0.01; done; echo $n >> log; echo $((n * n))";
    private const int Lines = 120;

    private static readonly string Squares = string.Concat(Enumerable.Range(1, Lines).Select(n => $"{n * n}\n"));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Interrupted_TheSameCommand_GoesOn_AndComputesNothingTwice(bool gently)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var map = new MapRunner(coordinator);
        await using var worker = new WorkerProcess(coordinator, Exec, "--concurrency", "4");
        using (var running = await StartAndReadHalfAsync(map))
        {
            if (gently) running.Send(UnixSignal.Interrupt);
            else running.Kill();
            await running.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(gently ? 130 : 137, running.ExitCode);
            Assert.Equal(gently ? "weft: Interrupted. Run the same command again to continue.\n" : "",
                await running.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        }

        await File.WriteAllTextAsync(worker.PathOf("go"), "", TestContext.Current.CancellationToken);
        var result = await map.RunAsync(MapRunner.Numbers(1, Lines));

        Assert.Equal(new(0, Squares, "weft: Resuming the interrupted run.\n"), result);
        Assert.Equal(Enumerable.Range(1, Lines), await ComputedAsync(worker));
    }

    [Fact]
    public async Task TheSameCommandTwiceAtOnce_IsSaid()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var map = new MapRunner(coordinator);
        using var running = map.Start();
        await running.StandardInput.WriteAsync("1\n");
        await running.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        await Eventually.SeeAsync("it has submitted", () => coordinator.LinesAsync("tasks", "--json"),
            static tasks => tasks.Length == 1);
        Assert.Equal(new(1, "", "weft: The same command is already running. To start another run of it: --run NAME.\n"),
            await map.RunAsync("1\n"));
        running.Kill();
        await running.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Finished_TheSameCommand_ComputesAnew()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var map = new MapRunner(coordinator);
        await using var worker = new WorkerProcess(coordinator, Exec);
        for (var run = 0; run < 2; run++) Assert.Equal(new(0, "1\n4\n", ""), await map.RunAsync("1\n2\n"));
        Assert.Equal([1, 1, 2, 2], await ComputedAsync(worker));
    }

    [Fact]
    public async Task OtherLinesThanBefore_AreNotGoneOnWith_UnlessFresh()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var map = new MapRunner(coordinator);
        await using var worker = new WorkerProcess(coordinator, Exec);
        await InterruptAsync(map);

        foreach (var other in (string[])[MapRunner.Numbers(2, Lines), "1\n"])
        {
            var refused = await map.RunAsync(other);
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains("weft: The input differs from the interrupted run's. --fresh", refused.Error,
                StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(worker.PathOf("go"), "", TestContext.Current.CancellationToken);
        Assert.Equal(new(0, "4\n9\n", ""), await map.RunAsync("2\n3\n", "--fresh"));
        Assert.NotEmpty(await coordinator.LinesAsync("tasks", "--state", "cancelled", "--json"));
    }

    [Fact]
    public async Task ACoordinatorThatKnowsNothingOfTheRun_StartsANewOne()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var map = new MapRunner(coordinator);
        await using (var worker = new WorkerProcess(coordinator, Exec))
        using (var running = await StartAndReadHalfAsync(map))
        {
            running.Kill();
            await running.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await coordinator.KillAsync();
        await coordinator.EmptyAsync();
        await coordinator.StartAsync();

        await using var other = new WorkerProcess(coordinator, Exec);
        Assert.Equal(new(0, "9\n", ""), await map.RunAsync("3\n"));
    }

    [Theory]
    [InlineData("12")]
    [InlineData("")]
    public async Task AJournalWhoseLastLineWasCutOff_IsGoneOnWith(string cutOff)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var map = new MapRunner(coordinator);
        await using var worker = new WorkerProcess(coordinator, Exec);
        await InterruptAsync(map);
        await File.AppendAllTextAsync(map.Journal, cutOff, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(worker.PathOf("go"), "", TestContext.Current.CancellationToken);

        Assert.Equal((0, Squares + "14641\n"), Ended(await map.RunAsync(MapRunner.Numbers(1, Lines + 1))));

        Assert.Equal(Enumerable.Range(1, Lines + 1), await ComputedAsync(worker));
        Assert.Empty(Directory.GetFiles(map.PathOf("weft/map")));
    }

    [Fact]
    public async Task AJournalThatIsNone_IsNamed()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var map = new MapRunner(coordinator);
        await using var worker = new WorkerProcess(coordinator, Exec);
        await InterruptAsync(map);
        await File.WriteAllTextAsync(map.Journal, "1\n", TestContext.Current.CancellationToken);

        Assert.Equal(new(1, "", $"weft: {map.Journal} is damaged. Delete it to start over.\n"),
            await map.RunAsync("1\n"));
    }

    private static (int ExitCode, string Output) Ended(CommandResult result) => (result.ExitCode, result.Output);

    private static async Task InterruptAsync(MapRunner map)
    {
        using var running = await StartAndReadHalfAsync(map);
        running.Send(UnixSignal.Interrupt);
        await running.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<Process> StartAndReadHalfAsync(MapRunner map)
    {
        // In pieces, so that the batches are other ones than those of a whole input.
        var running = map.Start();
        foreach (var (first, count) in ((int, int)[])[(1, 10), (11, Lines - 10)])
        {
            await running.StandardInput.WriteAsync(MapRunner.Numbers(first, count));
            await running.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
            for (var n = first; n < first + count && n <= Lines / 2; n++)
            {
                Assert.Equal($"{n * n}",
                    await running.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
            }
        }

        running.StandardInput.Close();
        return running;
    }

    private static async Task<IEnumerable<int>> ComputedAsync(WorkerProcess worker) =>
        (await File.ReadAllLinesAsync(worker.PathOf("log"), TestContext.Current.CancellationToken))
            .Select(int.Parse).Order();
}
