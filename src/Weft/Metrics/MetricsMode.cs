namespace Weft.Metrics;

/// <summary>Who may read <c>/metrics</c>.</summary>
public enum MetricsMode
{
    /// <summary>Nobody.</summary>
    Off,

    /// <summary>Callers with a token with the scope read or metrics.</summary>
    Token,

    /// <summary>Everybody.</summary>
    Open,
}
