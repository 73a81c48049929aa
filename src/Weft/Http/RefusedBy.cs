namespace Weft.Http;

/// <summary>The limit that refused a request.</summary>
internal enum RefusedBy : byte
{
    RateAddress,
    RateToken,

    /// <summary>Too many waiting requests.</summary>
    Held,

    /// <summary>The memory for large bodies.</summary>
    Budget,

    /// <summary>The store's queue.</summary>
    Overloaded,

    /// <summary>A token's limits on tasks.</summary>
    Quota,

    Host,
    Token,
}
