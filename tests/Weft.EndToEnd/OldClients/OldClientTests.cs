using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.OldClients;

public sealed class OldClientTests
{
    private const int MainProgramCount = 3;
    private const int WorkerCount = 4;
    private const int ProductsEach = 15;
    private const int MatrixSize = 6;

    /// <summary>The old clients would try for ever.</summary>
    private static readonly TimeSpan AllMax = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private int productsDone;

    [Fact]
    public async Task OldClients_GetEveryProductRight()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await MultiplyWithOldClientsAsync(coordinator.Address, () => Task.CompletedTask);
        Assert.Equal(MainProgramCount * ProductsEach, await coordinator.Wire.StatAsync("completed"));
    }

    [Fact]
    public async Task OldClients_ThroughARestart_GetEveryProductRight()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync("--lease-seconds", "1");
        await MultiplyWithOldClientsAsync(coordinator.Address, async () =>
        {
            coordinator.Send(UnixSignal.Terminate);
            Assert.Equal(0, await coordinator.ExitAsync(Eventually.Max));
            await coordinator.StartAsync();
        });
    }

    [Fact]
    public async Task OldClients_ThroughACrash_GetEveryProductRight()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync("--lease-seconds", "1");
        await MultiplyWithOldClientsAsync(coordinator.Address, async () =>
        {
            await coordinator.KillAsync();
            await coordinator.StartAsync();
        });
    }

    private async Task MultiplyWithOldClientsAsync(Uri address, Func<Task> inTheMiddle)
    {
        using var stop = new CancellationTokenSource(AllMax, TimeProvider.System);
        var workers = Enumerable.Range(1, WorkerCount)
            .Select(number => RunWorkerAsync(address, $"old-{number}", stop.Token)).ToArray();
        var programs = Enumerable.Range(1, MainProgramCount)
            .Select(seed => RunMainProgramAsync(address, seed, stop.Token)).ToArray();

        await Eventually.SeeAsync("a third of the products is there",
            () => Task.FromResult(Volatile.Read(ref productsDone)),
            done =>
                done >= MainProgramCount * ProductsEach / 3 || programs.Any(program => program.IsFaulted)
                    || workers.Any(worker => worker.IsFaulted));
        Assert.Contains(programs, program => !program.IsCompletedSuccessfully);
        await inTheMiddle();

        // A worker that gives up would leave the main programs waiting for ever.
        foreach (var done in programs) await await Task.WhenAny([done, .. workers]);
        await stop.CancelAsync();
        await Task.WhenAll(workers);
        Assert.Equal(MainProgramCount * ProductsEach, productsDone);
    }

    private async Task RunMainProgramAsync(Uri address, int seed, CancellationToken stop)
    {
        using var program = new OldMainProgram(address, PollInterval);
        var random = new Random(seed);
        for (var number = 0; number < ProductsEach; number++)
        {
            var (a, b) = (Matrix.Random(random, MatrixSize), Matrix.Random(random, MatrixSize));
            Assert.Equal(Matrix.Multiply(a, b), await program.MultiplyAsync(a, b, stop));
            Interlocked.Increment(ref productsDone);
        }
    }

    private static async Task RunWorkerAsync(Uri address, string workerId, CancellationToken stop)
    {
        using var worker = new OldWorker(address, workerId, PollInterval);
        await worker.RunAsync(stop);
    }
}
