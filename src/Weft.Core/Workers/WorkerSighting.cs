namespace Weft.Core.Workers;

/// <summary>A worker as it was seen: by one coordinator, or by all that share a store.</summary>
/// <param name="Waits">Whether it waits for work now, at a coordinator that is alive.</param>
public sealed record WorkerSighting(string Id, DateTimeOffset FirstSeenAt, DateTimeOffset LastSeenAt, bool Waits, long Claimed, long Completed, long Failed)
{
    /// <summary>Whether it waits for work now, or was seen at <paramref name="since"/> or later.</summary>
    public bool IsActive(DateTimeOffset since) => Waits || LastSeenAt >= since;

    /// <summary>The same worker, seen by others too.</summary>
    public WorkerSighting And(WorkerSighting other) => new(
        Id, Min(FirstSeenAt, other.FirstSeenAt), Max(LastSeenAt, other.LastSeenAt), Waits || other.Waits,
        Claimed + other.Claimed, Completed + other.Completed, Failed + other.Failed);

    private static DateTimeOffset Min(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private static DateTimeOffset Max(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
