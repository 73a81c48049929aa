namespace Weft.Core;

// Limits of tokens.
public static partial class Limits
{
    /// <summary>Tokens in a store; all are held in memory.</summary>
    public const int TokensMax = 10_000;

    public const int TokenNameCharsMax = 128;
    public const int TokenQueuesMax = 32;
    public static readonly TimeSpan TokenTimeMax = TimeSpan.FromDays(3_660);
}
