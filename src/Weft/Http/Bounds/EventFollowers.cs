using Weft.Core;

namespace Weft.Http.Bounds;

/// <summary>Limits event streams: clients with one token can't use all of them.</summary>
internal sealed class EventFollowers() : ClientCounts(ClientMax, SharersMax)
{
    public const int ClientMax = 16;
    public const int SharersMax = Limits.EventStreamsMax / 4;
}
