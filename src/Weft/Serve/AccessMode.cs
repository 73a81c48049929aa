namespace Weft.Serve;

/// <summary>Whether tokens are required.</summary>
public enum AccessMode
{
    /// <summary>Everybody, to everything.</summary>
    Open,

    /// <summary>Those with a token, as far as it goes.</summary>
    Tokens,
}
