using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Weft.Serve;

/// <summary>The bounds that the web server itself keeps: on connections, headers, and how slow a client may be.</summary>
internal static class KestrelBounds
{
    private const int ConnectionsDefault = 16_384;

    // For the database, the log, the web files and the runtime.
    private const int FilesOfOurOwn = 256;

    // A request's line and headers come in one or two packets: who needs longer than this trickles them.
    private static readonly TimeSpan HeadersTimeMax = TimeSpan.FromSeconds(10);

    // A stall of the network is no crime; a client that is slow on average is cut off after this.
    private static readonly TimeSpan SlownessGrace = TimeSpan.FromSeconds(10);

    // What one connection may hold of a body that nobody has asked for yet: the server's default of 1 MiB times 10,000 would be 10 GiB.
    private const int BufferBytesPerConnection = 128 << 10;

    public static void Apply(KestrelServerLimits limits, ServeOptions options)
    {
        var bounds = options.Bounds;
        var rate = bounds.DataRateMin == 0 ? null : new MinDataRate(bounds.DataRateMin, SlownessGrace);
        limits.MaxConcurrentConnections = Connections(bounds.Connections, OpenFiles.Max);
        limits.MaxConcurrentUpgradedConnections = 0;
        limits.MaxRequestBodySize = options.BodyBytesMax;
        limits.MaxRequestHeadersTotalSize = bounds.HeaderBytes;
        limits.MaxRequestLineSize = Math.Min(limits.MaxRequestLineSize, bounds.HeaderBytes);
        limits.MaxRequestBufferSize = BufferBytesPerConnection;
        limits.RequestHeadersTimeout = HeadersTimeMax;
        limits.KeepAliveTimeout = bounds.KeepAliveTime;
        limits.MinRequestBodyDataRate = rate;
        limits.MinResponseDataRate = rate;
        limits.Http2.InitialConnectionWindowSize = BufferBytesPerConnection;
        limits.Http2.InitialStreamWindowSize = BufferBytesPerConnection;
    }

    /// <summary>Past the system's limit a connection can't even be turned away, and the database can't open its log.</summary>
    internal static int Connections(int? wanted, int? filesMax)
    {
        var room = Math.Max(1, (filesMax ?? int.MaxValue) - FilesOfOurOwn);
        return Math.Min(wanted ?? ConnectionsDefault, room);
    }
}
