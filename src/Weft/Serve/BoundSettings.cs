using System.Globalization;
using Weft.Cli;

namespace Weft.Serve;

/// <summary>The settings that say how much the coordinator takes on.</summary>
internal static class BoundSettings
{
    private static readonly ServeBounds Default = new();

    public static IReadOnlyList<Setting<ServeOptions>> All { get; } =
    [
        new Setting<ServeOptions, int>("max-body-bytes", "Largest body of a request", Text(ServeOptions.BodyBytesMaxDefault),
            Integer(1, 1 << 30), "a number of bytes from 1 to 1073741824", static (options, value) => options.BodyBytesMax = value),
        new Setting<ServeOptions, int>("max-result-bytes", "Largest result of a task", Text(Default.ResultBytes),
            Integer(1, 1 << 30), "a number of bytes from 1 to 1073741824", static (options, value) => options.Bounds.ResultBytes = value),
        new Setting<ServeOptions, int>("max-header-bytes", "Largest headers of a request", Text(Default.HeaderBytes),
            Integer(1 << 10, 128 << 10), "a number of bytes from 1024 to 131072", static (options, value) => options.Bounds.HeaderBytes = value),
        new Setting<ServeOptions, long>("max-inflight-bytes", "Bytes of large bodies in memory at once", Text(ServeBounds.InFlightBytesDefault),
            Long(1 << 20, 1L << 40), "a number of bytes from 1048576 to 1099511627776", static (options, value) => options.Bounds.InFlightBytes = value),
        new Setting<ServeOptions, int>("max-connections", "Connections at once; 16384, or what the limit on open files leaves", null,
            Integer(1, 1_000_000), "a number of connections from 1 to 1000000", static (options, value) => options.Bounds.Connections = value),
        new Setting<ServeOptions, int>("max-connections-per-address", "The same of one address other than this machine's and trusted proxies'; 0 for any number", Text(Default.ConnectionsPerAddress),
            Integer(0, 1_000_000), "a number of connections from 0 to 1000000", static (options, value) => options.Bounds.ConnectionsPerAddress = value),
        new Setting<ServeOptions, int>("min-data-rate", "Bytes a second below which a client is cut off; 0 for none", Text(Default.DataRateMin),
            Integer(0, 1 << 20), "a number of bytes a second from 0 to 1048576", static (options, value) => options.Bounds.DataRateMin = value),
        new Setting<ServeOptions, TimeSpan>("request-time", "How long one body may take to come, or one answer to be taken", "5m",
            ServeSettings.Duration, "a time such as 90s, 30m, 12h or 7d", static (options, value) => options.Bounds.RequestTime = value),
        new Setting<ServeOptions, TimeSpan>("keep-alive", "How long a connection without a request is kept", "2m",
            ServeSettings.Duration, "a time such as 90s, 30m, 12h or 7d", static (options, value) => options.Bounds.KeepAliveTime = value),
        new Setting<ServeOptions, int>("max-held", "Requests that wait for something at once", Text(Default.HeldRequests),
            Integer(1, 1_000_000), "a number of requests from 1 to 1000000", static (options, value) => options.Bounds.HeldRequests = value),
        new Setting<ServeOptions, int>("max-held-per-client", "The same of one token, or one address other than this machine's", Text(Default.HeldRequestsPerClient),
            Integer(1, 1_000_000), "a number of requests from 1 to 1000000", static (options, value) => options.Bounds.HeldRequestsPerClient = value),
        new Setting<ServeOptions, int>("max-rate-per-address", "Requests a second of one address other than this machine's; 0 for any number", Text(Default.RequestsPerAddress),
            Integer(0, 1_000_000), "a number of requests a second from 0 to 1000000", static (options, value) => options.Bounds.RequestsPerAddress = value),
        new Setting<ServeOptions, int>("max-rate-per-token", "Requests a second of one token; 0 for any number", Text(Default.RequestsPerToken),
            Integer(0, 1_000_000), "a number of requests a second from 0 to 1000000", static (options, value) => options.Bounds.RequestsPerToken = value),
        new Setting<ServeOptions, long>("max-tasks-per-token", "Unfinished tasks of one token; 0 for any number", Text(Default.TasksPerToken),
            Long(0, 1L << 40), "a number of tasks from 0 to 1099511627776", static (options, value) => options.Bounds.TasksPerToken = value),
        new Setting<ServeOptions, long>("max-payload-bytes-per-token", "Bytes of the payloads of those tasks; 0 for any number", Text(Default.PayloadBytesPerToken),
            Long(0, 1L << 50), "a number of bytes from 0 to 1125899906842624", static (options, value) => options.Bounds.PayloadBytesPerToken = value),
        new Setting<ServeOptions, int>("max-workers-remembered", "Workers listed; the longest unseen are forgotten first", Text(Default.WorkersRemembered),
            Integer(10, 1_000_000), "a number of workers from 10 to 1000000", static (options, value) => options.Bounds.WorkersRemembered = value),
    ];

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static Func<string, (bool, int)> Integer(int min, int max) => ServeSettings.Integer(min, max);

    private static Func<string, (bool, long)> Long(long min, long max) =>
        text => (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max, value);

    /// <summary>What can't go together.</summary>
    /// <exception cref="CommandFailure">It can't.</exception>
    public static void Complete(ServeOptions options)
    {
        var min = ServeBounds.InFlightBytesMin(options.BodyBytesMax);
        if (options.Bounds.InFlightBytes < min) throw new CommandFailure($"With --max-body-bytes {options.BodyBytesMax}, --max-inflight-bytes must be at least {min}.");
    }
}
