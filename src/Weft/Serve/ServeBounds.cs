using Weft.Core;
using Weft.Core.Storage;

namespace Weft.Serve;

/// <summary>What the coordinator takes on at most: each member is a setting. What nobody needs to set is in <see cref="Limits"/>.</summary>
public sealed class ServeBounds
{
    public const long ResultBytesMaxDefault = ServeOptions.BodyBytesMaxDefault;
    public const long InFlightBytesDefault = 256 << 20;

    /// <summary>Connections at once; one more is closed as soon as it is made. Null: 16,384, or what the system's limit on open files leaves.</summary>
    public int? Connections { get; set; }

    /// <summary>Connections of one address other than this machine's and those of trusted proxies. 0: any number. Default: 4,096.</summary>
    public int ConnectionsPerAddress { get; set; } = 4_096;

    /// <summary>Bytes of a request's headers. Default: 16 KiB.</summary>
    public int HeaderBytes { get; set; } = 16 << 10;

    /// <summary>Bytes of one result. Default: 10 MiB.</summary>
    public long ResultBytes { get; set; } = ResultBytesMaxDefault;

    /// <summary>Bytes of large request and response bodies that are in memory at once, all requests together. Null: 256 MiB, or <see cref="InFlightBytesMin"/>.</summary>
    public long? InFlightBytes { get; set; }

    /// <summary>Bytes a second that a client must send, or take, on average; slower ones are cut off. 0: however slow. Default: 1,024.</summary>
    public int DataRateMin { get; set; } = 1_024;

    /// <summary>How long one body may take to come, or one answer to be taken. Default: 5 minutes.</summary>
    public TimeSpan RequestTime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a connection without a request is kept. Default: 2 minutes.</summary>
    public TimeSpan KeepAliveTime { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Requests that wait for something at once. Default: 16,384.</summary>
    public int HeldRequests { get; set; } = 16_384;

    /// <summary>Of those, the ones of one client: a token, or an address other than this machine's. Default: 2,048.</summary>
    public int HeldRequestsPerClient { get; set; } = 2_048;

    /// <summary>Requests a second of one address other than this machine's; as many more at once where it was quiet before. 0: any number. Default: 5,000.</summary>
    public int RequestsPerAddress { get; set; } = 5_000;

    /// <summary>Requests a second of one token, wherever they come from. 0: any number, the default.</summary>
    public int RequestsPerToken { get; set; }

    /// <summary>Unfinished tasks that one token may have. 0: any number. Default: 1,000,000.</summary>
    public long TasksPerToken { get; set; } = 1_000_000;

    /// <summary>Bytes of those tasks' payloads. 0: any number. Default: 16 GiB.</summary>
    public long PayloadBytesPerToken { get; set; } = 16L << 30;

    /// <summary>The two of them, for the store.</summary>
    public OwnerLoad OwnerMax => new(TasksPerToken == 0 ? long.MaxValue : TasksPerToken, PayloadBytesPerToken == 0 ? long.MaxValue : PayloadBytesPerToken);

    /// <summary>Workers that the coordinator remembers; the longest unseen are forgotten first. Default: 10,000.</summary>
    public int WorkersRemembered { get; set; } = Limits.WorkersRememberedMax;

    /// <summary>What the largest claim takes, read and written; with less it could never be answered.</summary>
    public static long InFlightBytesMin(long bodyBytesMax) => 2 * (Limits.ClaimBytesMax + Math.Max(bodyBytesMax, Limits.RequestBytesMax));

    /// <summary>What there is for large bodies, with the default filled in.</summary>
    public long InFlightBytesFor(long bodyBytesMax) => InFlightBytes ?? Math.Max(InFlightBytesDefault, InFlightBytesMin(bodyBytesMax));
}
