namespace Weft.Http;

/// <summary>Which bound refused a request.</summary>
internal enum RefusedBy : byte
{
    RateAddress,
    RateToken,

    /// <summary>Too many requests wait.</summary>
    Held,

    /// <summary>The memory for large bodies.</summary>
    Budget,

    /// <summary>The store's queue.</summary>
    Overloaded,

    /// <summary>What one token may have in tasks.</summary>
    Quota,

    Host,
    Token,
}
