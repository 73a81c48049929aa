namespace Weft.Core.Storage;

/// <summary>Whether a store can take changes now: what a load balancer wants to know before it sends anybody.</summary>
public interface IStoreHealth
{
    /// <summary>
    /// Null when changes are taken; else why they aren't. Answers within a few seconds whatever the disk does.
    /// </summary>
    Task<StoreException?> CheckHealthAsync();

    /// <summary>
    /// Why changes aren't taken, where that is known without asking a disk or a server; null: nothing is known.
    /// </summary>
    StoreException? KnownTrouble => null;
}
