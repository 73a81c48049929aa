using Weft.Core.Webhooks;

namespace Weft.Core.Storage;

/// <summary>A store's own metrics, available at any time.</summary>
public interface IStoreGauges
{
    /// <summary>The engine: sqlite or postgres.</summary>
    string Engine { get; }

    /// <summary>
    /// Reads the gauges without waiting for a writer. The embedded store has nearly all of them in memory; another
    /// engine queries its database.
    /// </summary>
    Task<StoreGauges> ReadGaugesAsync();
}

/// <summary>The contents of a store, and how full it is.</summary>
/// <param name="Queues">Each queue, by state.</param>
/// <param name="Ready">Ready tasks by requirements, including paused queues.</param>
/// <param name="WaitingOperations">Operations queued for a writer.</param>
/// <param name="OperationsMax">The queue's limit.</param>
/// <param name="Files">Its files; null for an external database.</param>
public sealed record StoreGauges(
    IReadOnlyList<QueueCounts> Queues, IReadOnlyList<ReadyTasks> Ready, int WaitingOperations, int OperationsMax,
    StoreFiles? Files = null)
{
    /// <summary>
    /// Since when the oldest ready task of each queue has been ready, for the <see cref="Limits.OldestLanesMax"/>
    /// largest sets of requirements; queues without a ready task are left out.
    /// </summary>
    public IReadOnlyDictionary<string, DateTimeOffset> OldestReady { get; init; } =
        new Dictionary<string, DateTimeOffset>();

    /// <summary>Webhook messages waiting to be sent.</summary>
    public WebhookBacklog Webhooks { get; init; }
}

/// <param name="DatabaseBytes">The database's size.</param>
/// <param name="LogBytes">Its write-ahead log's size.</param>
/// <param name="FreeBytes">Free space on their disk.</param>
public readonly record struct StoreFiles(long DatabaseBytes, long LogBytes, long FreeBytes);
