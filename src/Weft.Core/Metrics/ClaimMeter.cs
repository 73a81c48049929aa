using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Weft.Core.Metrics;

/// <summary>What became of a claim.</summary>
public enum ClaimOutcome : byte
{
    /// <summary>There was a task at once.</summary>
    Hit,

    /// <summary>It waited, and was woken for a task.</summary>
    Woken,

    /// <summary>There was none within its time.</summary>
    Empty,

    /// <summary>The worker was gone before it had its answer.</summary>
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

    /// <param name="meter">Gets the instruments.</param>
    public ClaimMeter(Meter meter)
    {
        meter.CreateObservableCounter("weft.claims", () => Labels.Select((label, index) =>
            new Measurement<long>(Volatile.Read(ref _outcomes[index]), label)),
            "{claim}", "Claims by what became of them");
        _wakeup = meter.CreateHistogram("weft.claim.wakeup", "s",
            "From the commit that made a task ready until a waiting claim had it", advice: Buckets.Requests);
    }

    public void Count(ClaimOutcome outcome) => Interlocked.Increment(ref _outcomes[(int)outcome]);

    /// <summary>A claim that was woken has its task.</summary>
    /// <param name="woken">When it was woken, of <see cref="Stopwatch"/>.</param>
    public void Woke(long woken)
    {
        Count(ClaimOutcome.Woken);
        if (_wakeup.Enabled) _wakeup.Record(Stopwatch.GetElapsedTime(woken).TotalSeconds);
    }
}
