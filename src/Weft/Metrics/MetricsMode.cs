namespace Weft.Metrics;

/// <summary>Who may read <c>/metrics</c>.</summary>
public enum MetricsMode
{
    /// <summary>Nobody.</summary>
    Off,

    /// <summary>Those with a token of the scope read or metrics.</summary>
    Token,

    /// <summary>Everybody.</summary>
    Open,
}
