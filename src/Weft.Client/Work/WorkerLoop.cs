namespace Weft.Client.Work;

/// <summary>
/// A worker: claims tasks, handles several at once, renews their leases by heartbeats, and settles finished tasks
/// together with the next claim in one round trip. It waits for an unavailable coordinator, and drops tasks whose lease
/// is stale.
/// </summary>
/// <param name="client">The worker ignores its retry time, and retries for as long as it runs.</param>
/// <param name="handler">Called on the thread pool, for up to <see cref="WorkerOptions.Concurrency"/> tasks at
/// once.</param>
public sealed class WorkerLoop(WeftClient client, WorkerOptions options, TaskHandler handler)
{
    /// <summary>Works until it is stopped.</summary>
    /// <param name="drain">Stops claiming; the method returns once the claimed tasks are done and settled.</param>
    /// <param name="abort">Also cancels the handlers and releases their tasks; takes at most 5 s.</param>
    /// <exception cref="WeftException">The coordinator refuses this worker's claims. Tasks claimed before are done and
    /// settled.</exception>
    public async Task RunAsync(CancellationToken drain, CancellationToken abort = default)
    {
        using var run = new WorkerRun(client.RetryingFor(Timeout.InfiniteTimeSpan), options, handler, drain, abort);
        await run.RunAsync();
    }
}
