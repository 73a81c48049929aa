namespace Weft.Storage.Engine;

/// <summary>A connection to the database.</summary>
internal interface IRemoteSession<TRow>
    where TRow : struct, IRemoteRow
{
    /// <summary>
    /// Where counts are changed by it and nobody else, so that no two connections wait for each other's rows; each
    /// count is the sum over all shards.
    /// </summary>
    int Shard { get; }

    RoundTrip<TRow> NewTrip();
}
