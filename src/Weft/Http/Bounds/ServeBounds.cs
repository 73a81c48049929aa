using Weft.Core;
using Weft.Core.Storage;

namespace Weft.Http.Bounds;

/// <summary>The coordinator's configurable limits. Fixed limits are in <see cref="Limits"/>.</summary>
public sealed class ServeBounds
{
    public const long ResultBytesMaxDefault = 10 << 20;
    public const long InFlightBytesDefault = 256 << 20;

    /// <summary>
    /// Limit of connections; one more is closed as soon as it is accepted. Null: 16,384, or as many as the system's
    /// limit on open files allows.
    /// </summary>
    public int? Connections { get; set; }

    /// <summary>
    /// Limit of connections per address, at most half of all, except this machine's and those of trusted proxies. 0: no
    /// limit. Default: 4,096.
    /// </summary>
    public int ConnectionsPerAddress { get; set; } = 4_096;

    /// <summary>Limit of a request's headers in bytes. Default: 16 KiB.</summary>
    public int HeaderBytes { get; set; } = 16 << 10;

    /// <summary>Limit of one result in bytes. Default: 10 MiB.</summary>
    public long ResultBytes { get; set; } = ResultBytesMaxDefault;

    /// <summary>
    /// Memory for large request and response bodies, all requests together. Null: 256 MiB, or
    /// <see cref="InFlightBytesMin"/>.
    /// </summary>
    public long? InFlightBytes { get; set; }

    /// <summary>
    /// The share of one client: a token, an address, or all of this machine's clients without a token. Null: half, or
    /// <see cref="InFlightBytesMin"/>.
    /// </summary>
    public long? InFlightBytesPerClient { get; set; }

    /// <summary>
    /// Bytes per second that a client must send or read, on average and in each window; slower clients are
    /// disconnected. 0: no minimum. Default: 1,024.
    /// </summary>
    public int DataRateMin { get; set; } = 1_024;

    /// <summary>Time limit for receiving one request body, or for sending one response. Default: 5 minutes.</summary>
    public TimeSpan RequestTime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long an idle connection is kept open. Default: 2 minutes.</summary>
    public TimeSpan KeepAliveTime { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Limit of waiting requests (long polls). Default: 16,384.</summary>
    public int HeldRequests { get; set; } = 16_384;

    /// <summary>The share of one client: a token, or an address other than this machine's. Default: 2,048.</summary>
    public int HeldRequestsPerClient { get; set; } = 2_048;

    /// <summary>
    /// Requests per second for one address other than this machine's, with a burst of the same size after a quiet time.
    /// 0: no limit. Default: 5,000.
    /// </summary>
    public int RequestsPerAddress { get; set; } = 5_000;

    /// <summary>Requests per second for one token, from any address. 0: no limit. Default: 0.</summary>
    public int RequestsPerToken { get; set; }

    /// <summary>Unfinished tasks of one token. 0: no limit. Default: 1,000,000.</summary>
    public long TasksPerToken { get; set; } = 1_000_000;

    /// <summary>Payload bytes of those tasks. 0: no limit. Default: 16 GiB.</summary>
    public long PayloadBytesPerToken { get; set; } = 16L << 30;

    /// <summary>
    /// Bytes of payloads and results of all tasks of one token, including finished ones, plus 256 for each. 0: no
    /// limit. Default: 64 GiB.
    /// </summary>
    public long StoredBytesPerToken { get; set; } = 64L << 30;

    /// <summary>
    /// Queues that one token creates by submitting to them, until they are empty. 0: no limit. Default: 1,000.
    /// </summary>
    public int QueuesPerToken { get; set; } = 1_000;

    /// <summary>Groups of one token. 0: no limit. Default: 10,000.</summary>
    public int GroupsPerToken { get; set; } = 10_000;

    /// <summary>Modules that one token has pushed. 0: no limit. Default: 100.</summary>
    public int ModulesPerToken { get; set; } = 100;

    /// <summary>Bytes of those modules. 0: no limit. Default: 1 GiB.</summary>
    public long ModuleBytesPerToken { get; set; } = 1L << 30;

    /// <summary>Limit of one blob in bytes. Default: 1 GiB.</summary>
    public long BlobBytes { get; set; } = 1L << 30;

    /// <summary>Bytes of all blobs together, including unfinished pushes. Default: 20 GiB.</summary>
    public long BlobsBytes { get; set; } = 20L << 30;

    /// <summary>Of those, the bytes that one token has pushed or is pushing. 0: no limit. Default: 5 GiB.</summary>
    public long BlobBytesPerToken { get; set; } = 5L << 30;

    /// <summary>Bytes of the files that one task writes, whatever its submitter asked for. Default: 1 GiB.</summary>
    public long OutputBytes { get; set; } = 1L << 30;

    /// <summary>The limits on one token's tasks, for the store.</summary>
    public OwnerLoad OwnerMax => new(OrAny(TasksPerToken), OrAny(PayloadBytesPerToken), OrAny(StoredBytesPerToken));

    /// <summary>The other limits on one token, for the store.</summary>
    public OwnerBounds OwnerBounds =>
        new(OrAny(QueuesPerToken), OrAny(GroupsPerToken), OrAny(ModulesPerToken), OrAny(ModuleBytesPerToken),
            OrAny(BlobBytesPerToken));

    /// <summary>
    /// Workers that the coordinator remembers; the least recently seen are forgotten first. Default: 10,000.
    /// </summary>
    public int WorkersRemembered { get; set; } = Limits.WorkersRememberedMax;

    /// <summary>The memory that the largest claim needs; with less it could never be answered.</summary>
    public static long InFlightBytesMin(long bodyBytesMax) =>
        2 * (Limits.ClaimBytesMax + Math.Max(2 * bodyBytesMax, Limits.RequestBytesMax));

    /// <summary><see cref="InFlightBytesPerClient"/> or its default.</summary>
    public long InFlightBytesPerClientFor(long bodyBytesMax) =>
        InFlightBytesPerClient ?? Math.Max(InFlightBytesFor(bodyBytesMax) / 2, InFlightBytesMin(bodyBytesMax));

    /// <summary><see cref="InFlightBytes"/> or its default.</summary>
    public long InFlightBytesFor(long bodyBytesMax) =>
        InFlightBytes ?? Math.Max(InFlightBytesDefault, InFlightBytesMin(bodyBytesMax));

    private static long OrAny(long max) => max == 0 ? long.MaxValue : max;

    private static int OrAny(int max) => max == 0 ? int.MaxValue : max;
}
