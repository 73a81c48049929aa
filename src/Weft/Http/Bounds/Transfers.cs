namespace Weft.Http.Bounds;

/// <summary>
/// Modules and files that clients push and fetch. Each holds a chunk in memory for as long as its client takes, so that
/// many slow ones of few clients would leave nothing to the others' bodies.
/// </summary>
internal sealed class Transfers() : ClientCounts(ClientMax, SharersMax)
{
    public const int ClientMax = 32;
    public const int SharersMax = 64;
}
