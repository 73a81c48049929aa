using Weft.Core.Webhooks;

namespace Weft.Core.Storage;

/// <summary>What a store can tell of itself at any time.</summary>
public interface IStoreGauges
{
    /// <summary>The engine: sqlite or postgres.</summary>
    string Engine { get; }

    /// <summary>
    /// Reads the gauges without waiting for a writer. The embedded store has nearly all of them in memory; another asks
    /// its database.
    /// </summary>
    Task<StoreGauges> ReadGaugesAsync();
}

/// <summary>What a store holds, and how full it is.</summary>
/// <param name="Queues">Each queue, by state.</param>
/// <param name="Ready">What is ready, by what it requires of workers; in paused queues, too.</param>
/// <param name="WaitingOperations">Operations that wait for a writer.</param>
/// <param name="OperationsMax">How many may wait.</param>
/// <param name="Files">Its files; null: it is another program's.</param>
public sealed record StoreGauges(
    IReadOnlyList<QueueCounts> Queues, IReadOnlyList<ReadyTasks> Ready, int WaitingOperations, int OperationsMax,
    StoreFiles? Files = null)
{
    /// <summary>
    /// Since when the oldest ready task of each queue is ready, of the <see cref="Limits.OldestLanesMax"/> fullest
    /// sets of requirements; queues without a ready task are left out.
    /// </summary>
    public IReadOnlyDictionary<string, DateTimeOffset> OldestReady { get; init; } =
        new Dictionary<string, DateTimeOffset>();

    /// <summary>What waits to be sent to webhooks.</summary>
    public WebhookBacklog Webhooks { get; init; }
}

/// <param name="DatabaseBytes">The database's.</param>
/// <param name="LogBytes">Its write-ahead log's.</param>
/// <param name="FreeBytes">What is free on their disk.</param>
public readonly record struct StoreFiles(long DatabaseBytes, long LogBytes, long FreeBytes);
