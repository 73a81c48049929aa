namespace Weft.Torture.Checking;

/// <summary>The six states, as the API says them.</summary>
internal static class States
{
    public const string Completed = "completed";
    public const string Dead = "dead";
    public const string Cancelled = "cancelled";

    public static bool IsFinal(string state) => state is Completed or Dead or Cancelled;
}

/// <summary>A task at the end.</summary>
/// <param name="File">The hash of the file that it finds; null for none.</param>
/// <param name="Output">The same of the one that came with its result.</param>
internal sealed record StoredTask(long Id, string Queue, string State, string Payload, string? Result = null,
    long? Group = null, int Attempt = 0, string? File = null, string? Output = null);

/// <summary>All of a store when everything had come to rest, read through the API.</summary>
/// <param name="Tasks">Every task.</param>
/// <param name="QueueCounts">By queue and state, as the store keeps them.</param>
/// <param name="GroupCounts">By group and state, as the store keeps them.</param>
/// <param name="StatsTotal">The total that <c>/stats</c> says.</param>
/// <param name="Findings">What <c>weft check</c> found, and groups that are gone; empty for a sound store.</param>
/// <param name="CameToRest">False: a task was still unfinished when the time for all attempts was over.</param>
internal sealed record StoreImage(
    IReadOnlyList<StoredTask> Tasks,
    IReadOnlyDictionary<(string Queue, string State), long> QueueCounts,
    IReadOnlyDictionary<(long Group, string State), long> GroupCounts,
    long StatsTotal,
    IReadOnlyList<string> Findings,
    bool CameToRest = true)
{
    /// <summary>
    /// The files that were acknowledged or are named, by their hashes: the hash of what was read; null: nothing was.
    /// </summary>
    public IReadOnlyDictionary<string, string?> Blobs { get; init; } = new Dictionary<string, string?>();
}
