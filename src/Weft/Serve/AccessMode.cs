namespace Weft.Serve;

/// <summary>Who is let in.</summary>
public enum AccessMode
{
    /// <summary>Everybody, to everything.</summary>
    Open,

    /// <summary>Those with a token, as far as it goes.</summary>
    Tokens,
}
