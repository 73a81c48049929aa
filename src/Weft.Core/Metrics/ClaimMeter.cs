using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Weft.Core.Metrics;

/// <summary>The outcome of a claim.</summary>
public enum ClaimOutcome : byte
{
    /// <summary>It got a task at once.</summary>
    Hit,

    /// <summary>It waited, and was woken for a task.</summary>
    Woken,

    /// <summary>There was no task within its time.</summary>
    Empty,

    /// <summary>The worker had disconnected before it got its response.</summary>
    Gone,
}

/// <summary>The metrics of claims.</summary>
public sealed class ClaimMeter
{
    private static readonly ClaimOutcome[] Outcomes = Enum.GetValues<ClaimOutcome>();
    private static readonly KeyValuePair<string, object?>[] Labels =
    [
        .. Outcomes.Select(static outcome =>
            new KeyValuePair<string, object?>("outcome", outcome.ToString().ToLowerInvariant())),
    ];

    private readonly long[] _outcomes = new long[Outcomes.Length];
    private readonly Histogram<double> _wakeup;

    /// <param name="meter">Creates the instruments.</param>
    public ClaimMeter(Meter meter)
    {
        meter.CreateObservableCounter("weft.claims", () => Labels.Select((label, index) =>
            new Measurement<long>(Volatile.Read(ref _outcomes[index]), label)),
            "{claim}", "Claims by outcome");
        _wakeup = meter.CreateHistogram("weft.claim.wakeup", "s",
            "From the commit that made a task ready until a waiting claim had it", advice: Buckets.Requests);
    }

    public void Count(ClaimOutcome outcome) => Interlocked.Increment(ref _outcomes[(int)outcome]);

    /// <summary>Records that a woken claim has its task.</summary>
    /// <param name="woken">When it was woken, as a <see cref="Stopwatch"/> timestamp.</param>
    public void Woke(long woken)
    {
        Count(ClaimOutcome.Woken);
        if (_wakeup.Enabled) _wakeup.Record(Stopwatch.GetElapsedTime(woken).TotalSeconds);
    }
}
