namespace Weft.Http.Api;

internal static class WireCounts
{
    public static Contracts.StateCounts ToWire(this Core.Storage.StateCounts counts) =>
        new(counts.Scheduled, counts.Ready, counts.Leased, counts.Completed, counts.Dead, counts.Cancelled,
            counts.Checking);
}
