namespace Weft.Serve;

/// <summary>Whether tokens are required.</summary>
public enum AccessMode
{
    /// <summary>Everybody may do everything.</summary>
    Open,

    /// <summary>Only callers with a token, within its scopes.</summary>
    Tokens,
}
