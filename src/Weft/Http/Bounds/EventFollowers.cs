using Weft.Core;

namespace Weft.Http.Bounds;

/// <summary>Streams of events: those with one token leave some to the others.</summary>
internal sealed class EventFollowers() : ClientCounts(ClientMax, SharersMax)
{
    public const int ClientMax = 16;
    public const int SharersMax = Limits.EventStreamsMax / 4;
}
