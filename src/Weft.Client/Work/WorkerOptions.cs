namespace Weft.Client.Work;

/// <summary>Which tasks a <see cref="WorkerLoop"/> claims, and how many at once.</summary>
public sealed record WorkerOptions
{
    /// <summary>This worker's name, 1 to 128 characters. Default: machine and process.</summary>
    public string WorkerId { get; init; } = $"{Environment.MachineName}-{Environment.ProcessId}";

    /// <summary>Up to 32 queues. Default: <c>default</c>.</summary>
    public IReadOnlyList<string>? Queues { get; init; }

    /// <summary>This machine's capabilities, up to 32 labels: <c>simd</c>, <c>memory=8192</c>.</summary>
    public IReadOnlyList<string>? Capabilities { get; init; }

    /// <summary>True: only tasks that have a module.</summary>
    public bool ModulesOnly { get; init; }

    /// <summary>Tasks handled at once: 1 to 1,000. Default: one per processor.</summary>
    public int Concurrency { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Tasks claimed ahead, so that a handler that finishes has its next task at once: up to 1,000 together with
    /// <see cref="Concurrency"/>. Default: 0. Useful for tasks shorter than a round trip; longer ones would wait here
    /// while another worker is idle.
    /// </summary>
    public int Prefetch { get; init; }

    /// <summary>
    /// How long this worker may go without a heartbeat before others get its tasks: 1 s to 24 h; null: as each task or
    /// the coordinator says. Heartbeats are sent at a third of it, and at least every 10 s.
    /// </summary>
    public TimeSpan? Lease { get; init; }

    /// <summary>
    /// Identifies this worker, so that it gets tasks whose results are verified: the key from
    /// <see cref="WeftClient.RegisterWorkerAsync"/>. Keep it to build up a reputation; null: each run gets a new one.
    /// </summary>
    public string? WorkerKey { get; init; }

    /// <summary>Called with a new key, so that it can be kept; from any thread.</summary>
    public Action<string>? Registered { get; init; }

    /// <summary>Called with the outcome of each task; from any thread.</summary>
    public Action<WorkerEvent>? Observed { get; init; }
}
