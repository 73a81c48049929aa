namespace Weft.Core.Storage;

/// <summary>Whether a store currently accepts changes, for load balancers.</summary>
public interface IStoreHealth
{
    /// <summary>
    /// Null if changes are accepted; otherwise why they aren't. Answers within a few seconds whatever the disk does.
    /// </summary>
    Task<StoreException?> CheckHealthAsync();

    /// <summary>
    /// Why changes aren't accepted, if that is known without querying a disk or a server; null: nothing is known.
    /// </summary>
    StoreException? KnownTrouble => null;
}
