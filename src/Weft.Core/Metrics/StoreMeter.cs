using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Weft.Core.Metrics;

/// <summary>The kind of a store operation.</summary>
public enum StoreVerb : byte
{
    Other,
    Submit,
    Claim,
    Settle,
    Cancel,
    Sweep,
    Retention,
}

/// <summary>Why a transaction was rolled back.</summary>
public enum RollbackReason : byte
{
    /// <summary>One of its operations failed.</summary>
    Verb,

    /// <summary>The disk is full.</summary>
    Full,

    /// <summary>Another program holds the database, or the store can't accept anything now.</summary>
    Busy,

    /// <summary>It conflicted with another transaction, or the cache was stale.</summary>
    Deadlock,

    /// <summary>The connection broke before the commit.</summary>
    Connection,

    /// <summary>The connection broke during the commit: it may have succeeded.</summary>
    Unknown,
}

/// <summary>The metrics of commits. Recorded by the engines' writers.</summary>
public sealed class StoreMeter
{
    private static readonly KeyValuePair<string, object?>[] Verbs = Labels<StoreVerb>("verb");
    private static readonly KeyValuePair<string, object?>[] Reasons = Labels<RollbackReason>("reason");

    private readonly long[] _operations = new long[Verbs.Length];
    private readonly long[] _rollbacks = new long[Reasons.Length];
    private readonly long[] _retries = new long[Reasons.Length];
    private readonly Histogram<double> _commit;
    private readonly Histogram<int> _size;
    private readonly Histogram<double> _wait;
    private readonly Histogram<double> _checkpoint;

    /// <param name="meter">Creates the instruments.</param>
    /// <param name="queuesMax">How many queues have metrics of their own. Default: 100.</param>
    public StoreMeter(Meter meter, int queuesMax = Limits.MetricsQueuesDefault)
    {
        Tasks = new(meter, queuesMax);
        _commit = meter.CreateHistogram(
            "weft.store.commit", "s", "Time from a transaction's begin until it was on disk", advice: Buckets.Requests);
        _size = meter.CreateHistogram(
            "weft.store.commit.operations", "{operation}", "Operations that shared a commit",
            advice: Buckets.Operations);
        _wait = meter.CreateHistogram(
            "weft.store.operation.wait", "s", "Time from an operation's queuing until its transaction began",
            advice: Buckets.Requests);
        _checkpoint = meter.CreateHistogram(
            "weft.store.checkpoint", "s", "Time to copy the log into the database", advice: Buckets.Requests);
        meter.CreateObservableCounter(
            "weft.store.operations", () => Observe(_operations, Verbs), "{operation}", "Operations committed");
        meter.CreateObservableCounter(
            "weft.store.rollbacks", () => Observe(_rollbacks, Reasons), "{transaction}", "Transactions that failed");
        meter.CreateObservableCounter("weft.store.retries", () => Observe(_retries, Reasons), "{transaction}",
            "Failed transactions that were retried, whole or operation by operation");
    }

    /// <summary>The metrics of the store's tasks.</summary>
    public TaskMeter Tasks { get; }

    /// <summary>Whether durations are recorded; if not, no clock is read.</summary>
    public bool IsTimed => _commit.Enabled;

    /// <summary>A <see cref="Stopwatch"/> timestamp; 0 while durations aren't recorded.</summary>
    public long Now => IsTimed ? Stopwatch.GetTimestamp() : 0;

    /// <summary>An operation was committed.</summary>
    public void Count(StoreVerb verb) => Interlocked.Increment(ref _operations[(int)verb]);

    /// <summary>An operation's transaction was committed; both times are from <see cref="Now"/>.</summary>
    public void Waited(long queued, long began)
    {
        if (queued > 0 && began > 0) _wait.Record(Stopwatch.GetElapsedTime(queued, began).TotalSeconds);
    }

    /// <summary>A transaction was committed.</summary>
    public void Committed(long began, int operations)
    {
        if (began == 0) return;
        _commit.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
        _size.Record(operations);
    }

    /// <summary>A transaction has failed.</summary>
    /// <param name="isRetried">Whether its operations are retried.</param>
    public void RolledBack(RollbackReason reason, bool isRetried)
    {
        Interlocked.Increment(ref _rollbacks[(int)reason]);
        if (isRetried) Interlocked.Increment(ref _retries[(int)reason]);
    }

    /// <summary>The log was copied into the database.</summary>
    public void Checkpointed(long began)
    {
        if (began > 0) _checkpoint.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    private static IEnumerable<Measurement<long>> Observe(long[] counts, KeyValuePair<string, object?>[] labels) =>
        labels.Select((label, index) => new Measurement<long>(Volatile.Read(ref counts[index]), label));

    private static KeyValuePair<string, object?>[] Labels<T>(string name) where T : struct, Enum =>
        [.. Enum.GetNames<T>().Select(text => new KeyValuePair<string, object?>(name, text.ToLowerInvariant()))];
}
