namespace Weft.Storage.Engine;

/// <summary>A connection to the database.</summary>
internal interface IRemoteSession<TRow>
    where TRow : struct, IRemoteRow
{
    /// <summary>
    /// The shard in which only this connection changes counts, so that no two connections wait for each other's rows;
    /// each count is the sum over all shards.
    /// </summary>
    int Shard { get; }

    RoundTrip<TRow> NewTrip();
}
