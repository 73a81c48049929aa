namespace Weft.Core.Workers;

/// <summary>A worker as it was seen: by one coordinator, or by all that share a store.</summary>
/// <param name="Waits">Whether it waits for work now, at a coordinator that is alive.</param>
/// <param name="Offer">What it asked for last; null when it has asked for nothing.</param>
public sealed record WorkerSighting(
    string Id, DateTimeOffset FirstSeenAt, DateTimeOffset LastSeenAt, bool Waits, long Claimed, long Completed,
    long Failed, WorkerOffer? Offer = null)
{
    /// <summary>
    /// Whether it waits for work now, or was seen within this time. A time that lies ahead of a clock that was set back
    /// tells nothing.
    /// </summary>
    public bool IsActive(DateTimeOffset now, TimeSpan within) => Waits || (now - LastSeenAt).Duration() <= within;

    /// <summary>The same worker, seen by others too.</summary>
    public WorkerSighting And(WorkerSighting other) => new(
        Id, Min(FirstSeenAt, other.FirstSeenAt), Max(LastSeenAt, other.LastSeenAt), Waits || other.Waits,
        Claimed + other.Claimed, Completed + other.Completed, Failed + other.Failed,
        LastSeenAt >= other.LastSeenAt ? Offer ?? other.Offer : other.Offer ?? Offer);

    private static DateTimeOffset Min(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private static DateTimeOffset Max(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
