namespace Weft.Core.Workers;

/// <summary>A worker's last-seen record: by one coordinator, or by all that share a store.</summary>
/// <param name="Waits">Whether it is currently waiting, at a coordinator that is alive.</param>
/// <param name="Offer">The offer in its last claim; null if it has made none.</param>
public sealed record WorkerSighting(
    string Id, DateTimeOffset FirstSeenAt, DateTimeOffset LastSeenAt, bool Waits, long Claimed, long Completed,
    long Failed, WorkerOffer? Offer = null)
{
    /// <summary>
    /// Whether it is currently waiting, or was seen within this time. A time in the future, after a clock was set back,
    /// doesn't count.
    /// </summary>
    public bool IsActive(DateTimeOffset now, TimeSpan within) => Waits || (now - LastSeenAt).Duration() <= within;

    /// <summary>The same worker, merged with what others have seen.</summary>
    public WorkerSighting And(WorkerSighting other) => new(
        Id, Min(FirstSeenAt, other.FirstSeenAt), Max(LastSeenAt, other.LastSeenAt), Waits || other.Waits,
        Claimed + other.Claimed, Completed + other.Completed, Failed + other.Failed,
        LastSeenAt >= other.LastSeenAt ? Offer ?? other.Offer : other.Offer ?? Offer);

    private static DateTimeOffset Min(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private static DateTimeOffset Max(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
