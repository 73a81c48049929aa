using Weft.Client.Frozen;

namespace Weft.Demo;

/// <summary>The main program and its workers, against a running coordinator.</summary>
internal sealed class DemoRun(Uri url, DemoOptions options, DemoTally tally)
{
    // Enough that no worker waits for the main program, and few enough to measure the coordinator's latency rather than
    // a long queue's.
    private const int ProductsPerWorker = 2;

    /// <summary>
    /// Completes when every product is recorded; throws the exception that stopped the main program or a worker.
    /// </summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var random = new Random(options.Seed);
        // Created on demand: a long demo starts and stops as fast as a short one.
        var products = Enumerable.Range(0, options.Tasks).Select(index => DemoProduct.Random(index, random));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var working = Task.WhenAll(Enumerable.Range(1, options.Workers).Select(number => WorkAsync(number, end)));
        try
        {
            using var http = new HttpClient { BaseAddress = url };
            await new DemoMain(new(http), tally, TimeProvider.System)
                .RunAsync(products, options.Workers * ProductsPerWorker, end.Token);
        }
        finally
        {
            await end.CancelAsync();
            await working;
        }
    }

    private async Task WorkAsync(int number, CancellationTokenSource end)
    {
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1 }) { BaseAddress = url };
        try
        {
            await new DemoWorker(new FrozenClient(http), $"demo-worker-{number}").RunAsync(end.Token);
        }
        finally
        {
            // Without this worker the main program might wait for ever.
            await end.CancelAsync();
        }
    }
}
