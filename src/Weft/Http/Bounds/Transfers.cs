namespace Weft.Http.Bounds;

/// <summary>
/// Limits the modules and files that clients push and download at once. Each transfer holds a chunk in memory for as
/// long as its client takes, so that many slow transfers of few clients would leave no memory for other bodies.
/// </summary>
internal sealed class Transfers() : ClientCounts(ClientMax, SharersMax)
{
    public const int ClientMax = 32;
    public const int SharersMax = 64;
}
