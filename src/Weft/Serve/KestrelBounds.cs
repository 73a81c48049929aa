using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Weft.Serve;

/// <summary>The limits that the web server itself enforces: on connections, headers, and slow clients.</summary>
internal static class KestrelBounds
{
    private const int ConnectionsDefault = 16_384;

    // Reserved for the database, the log, the runtime, and web files too large for the cache.
    private const int FilesOfOurOwn = 256;

    // A request line and headers arrive in one or two packets: a client that needs longer is trickling them.
    private static readonly TimeSpan HeadersTimeMax = TimeSpan.FromSeconds(10);

    // Tolerates a network stall; a client that is slow on average is disconnected after this.
    private static readonly TimeSpan SlownessGrace = TimeSpan.FromSeconds(10);

    // The data that one connection may buffer of a body that no handler reads yet: the server's default of 1 MiB times
    // 10,000 would be 10 GiB.
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
    }

    /// <summary>
    /// Beyond the system's limit on open files a connection can't even be rejected, and the database can't open its
    /// log.
    /// </summary>
    internal static int Connections(int? wanted, int? filesMax)
    {
        var room = Math.Max(1, (filesMax ?? int.MaxValue) - FilesOfOurOwn);
        return Math.Min(wanted ?? ConnectionsDefault, room);
    }
}
