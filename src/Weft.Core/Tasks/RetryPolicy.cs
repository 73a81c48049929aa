namespace Weft.Core.Tasks;

/// <summary>
/// How long a failed task waits for its next attempt: a random part (full jitter) of a ceiling that doubles with each
/// failure.
/// Source: "Exponential Backoff and Jitter", AWS Architecture Blog, 2015.
/// </summary>
/// <param name="BaseDelay">The ceiling after the first failure.</param>
/// <param name="DelayMax">The maximum of the ceiling.</param>
public sealed record RetryPolicy(TimeSpan BaseDelay, TimeSpan DelayMax)
{
    /// <summary>From 1 s to 5 min.</summary>
    public static readonly RetryPolicy Default = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));

    /// <param name="failures">How many attempts have failed so far, at least 1.</param>
    /// <param name="jitter">A random number in [0, 1).</param>
    public TimeSpan Delay(int failures, double jitter)
    {
        var ceiling = BaseDelay.TotalMilliseconds * Math.Pow(2, failures - 1);
        return TimeSpan.FromMilliseconds(Math.Floor(Math.Min(ceiling, DelayMax.TotalMilliseconds) * jitter));
    }
}
