namespace Weft.Client.Work;

/// <summary>What a <see cref="WorkerLoop"/> claims, and how much at once.</summary>
public sealed record WorkerOptions
{
    /// <summary>This worker's name, 1 to 128 characters; machine and process.</summary>
    public string WorkerId { get; init; } = $"{Environment.MachineName}-{Environment.ProcessId}";

    /// <summary>Up to 32; <c>default</c>.</summary>
    public IReadOnlyList<string>? Queues { get; init; }

    /// <summary>What this machine has, up to 32 labels: <c>simd</c>, <c>memory=8192</c>.</summary>
    public IReadOnlyList<string>? Capabilities { get; init; }

    /// <summary>True: only tasks that have a module.</summary>
    public bool ModulesOnly { get; init; }

    /// <summary>Tasks handled at once: 1 to 1,000; one for each processor.</summary>
    public int Concurrency { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Tasks held beside those, so that a handler that ends finds the next one here: up to 1,000 together with
    /// <see cref="Concurrency"/>; 0. Worth it for tasks that are shorter than a round trip; longer ones would lie here
    /// while another worker is idle.
    /// </summary>
    public int Prefetch { get; init; }

    /// <summary>
    /// How long this worker may go without a heartbeat before others get its tasks: 1 s to 24 h; null: as each task
    /// says, or else the coordinator. Heartbeats come at a third of it, and at least every 10 s.
    /// </summary>
    public TimeSpan? Lease { get; init; }

    /// <summary>
    /// Proves who this worker is, so that it gets tasks whose results are verified: what
    /// <see cref="WeftClient.RegisterWorkerAsync"/> gave. One that is kept makes a name; null: each run has a new one.
    /// </summary>
    public string? WorkerKey { get; init; }

    /// <summary>Told of a new key, to keep it; from any thread.</summary>
    public Action<string>? Registered { get; init; }

    /// <summary>Told what became of each task; from any thread.</summary>
    public Action<WorkerEvent>? Observed { get; init; }
}
