namespace Weft.Client.Work;

/// <summary>
/// A worker: claims tasks, handles several at once, keeps their leases by heartbeats, and settles what is done together
/// with the next claim in one round trip. A coordinator that is away is waited for. A task whose lease is stale is
/// dropped.
/// </summary>
/// <param name="client">Its retries don't limit the worker, which tries for as long as it runs.</param>
/// <param name="handler">Called on the thread pool, for up to <see cref="WorkerOptions.Concurrency"/> tasks at
/// once.</param>
public sealed class WorkerLoop(WeftClient client, WorkerOptions options, TaskHandler handler)
{
    /// <summary>Works until it is stopped.</summary>
    /// <param name="drain">Claims no more; ends when what was claimed is done and settled.</param>
    /// <param name="abort">Ends the handlers too, and gives their tasks back; takes 5 s at most.</param>
    /// <exception cref="WeftException">The coordinator refuses this worker's claims. What was claimed before is done
    /// and settled.</exception>
    public async Task RunAsync(CancellationToken drain, CancellationToken abort = default)
    {
        using var run = new WorkerRun(client.RetryingFor(Timeout.InfiniteTimeSpan), options, handler, drain, abort);
        await run.RunAsync();
    }
}
