using System.Globalization;
using Weft.CommandLine;
using Weft.Core;
using Weft.Http.Bounds;

namespace Weft.Serve;

/// <summary>The settings that limit the coordinator's load.</summary>
internal static class BoundSettings
{
    private static readonly ServeBounds Default = new();

    public static IReadOnlyList<Setting<ServeOptions>> All { get; } =
    [
        new Setting<ServeOptions, int>("max-body-bytes", "Largest request body", Text(ServeOptions.BodyBytesMaxDefault),
            Integer(1, 1 << 30), "a number of bytes from 1 to 1073741824",
            static (options, value) => options.BodyBytesMax = value),
        new Setting<ServeOptions, int>("max-result-bytes", "Largest task result", Text(Default.ResultBytes),
            Integer(1, 1 << 30), "a number of bytes from 1 to 1073741824",
            static (options, value) => options.Bounds.ResultBytes = value),
        new Setting<ServeOptions, int>("max-header-bytes", "Largest request headers, in all", Text(Default.HeaderBytes),
            Integer(1 << 10, 128 << 10), "a number of bytes from 1024 to 131072",
            static (options, value) => options.Bounds.HeaderBytes = value),
        new Setting<ServeOptions, long>("max-inflight-bytes", "Most bytes of large bodies in memory at once",
            Text(ServeBounds.InFlightBytesDefault),
            Long(1 << 20, 1L << 40), "a number of bytes from 1048576 to 1099511627776",
            static (options, value) => options.Bounds.InFlightBytes = value),
        new Setting<ServeOptions, long>("max-inflight-bytes-per-client",
            "The same, per address and token [default: half of it, or what one large claim needs]", null,
            Long(1 << 20, 1L << 40), "a number of bytes from 1048576 to 1099511627776",
            static (options, value) => options.Bounds.InFlightBytesPerClient = value),
        new Setting<ServeOptions, int>("max-connections",
            "Most connections at once [default: 16384, or what the limit on open files allows]", null,
            Integer(1, 1_000_000), "a number of connections from 1 to 1000000",
            static (options, value) => options.Bounds.Connections = value),
        new Setting<ServeOptions, int>("max-connections-per-address",
            "The same, per address, half of all at most, except this machine's and trusted proxies'; 0: no limit",
            Text(Default.ConnectionsPerAddress),
            Integer(0, 1_000_000), "a number of connections from 0 to 1000000",
            static (options, value) => options.Bounds.ConnectionsPerAddress = value),
        new Setting<ServeOptions, int>("min-data-rate",
            "Bytes per second below which a client is disconnected; 0: none", Text(Default.DataRateMin),
            Integer(0, 1 << 20), "a number of bytes a second from 0 to 1048576",
            static (options, value) => options.Bounds.DataRateMin = value),
        new Setting<ServeOptions, TimeSpan>("request-time",
            "Time limit for receiving one request body, or for sending one response", "5m",
            ServeSettings.Duration, "a time such as 90s, 30m, 12h or 7d",
            static (options, value) => options.Bounds.RequestTime = value),
        new Setting<ServeOptions, TimeSpan>("keep-alive", "How long an idle connection is kept open", "2m",
            ServeSettings.Duration, "a time such as 90s, 30m, 12h or 7d",
            static (options, value) => options.Bounds.KeepAliveTime = value),
        new Setting<ServeOptions, int>("max-held", "Most requests that wait (long polls) at once",
            Text(Default.HeldRequests),
            Integer(1, 1_000_000), "a number of requests from 1 to 1000000",
            static (options, value) => options.Bounds.HeldRequests = value),
        new Setting<ServeOptions, int>("max-held-per-client",
            "The same, per address and token; on this machine, per token", Text(Default.HeldRequestsPerClient),
            Integer(1, 1_000_000), "a number of requests from 1 to 1000000",
            static (options, value) => options.Bounds.HeldRequestsPerClient = value),
        new Setting<ServeOptions, int>("max-rate-per-address",
            "Most requests per second per address, except this machine's; 0: no limit",
            Text(Default.RequestsPerAddress),
            Integer(0, 1_000_000), "a number of requests a second from 0 to 1000000",
            static (options, value) => options.Bounds.RequestsPerAddress = value),
        new Setting<ServeOptions, int>("max-rate-per-token", "Most requests per second per token; 0: no limit",
            Text(Default.RequestsPerToken),
            Integer(0, 1_000_000), "a number of requests a second from 0 to 1000000",
            static (options, value) => options.Bounds.RequestsPerToken = value),
        new Setting<ServeOptions, long>("max-tasks-per-token", "Most unfinished tasks per token; 0: no limit",
            Text(Default.TasksPerToken),
            Long(0, 1L << 40), "a number of tasks from 0 to 1099511627776",
            static (options, value) => options.Bounds.TasksPerToken = value),
        new Setting<ServeOptions, long>("max-payload-bytes-per-token", "Most payload bytes of those tasks; 0: no limit",
            Text(Default.PayloadBytesPerToken),
            Long(0, 1L << 50), "a number of bytes from 0 to 1125899906842624",
            static (options, value) => options.Bounds.PayloadBytesPerToken = value),
        new Setting<ServeOptions, long>("max-stored-bytes-per-token",
            "Most stored bytes per token: payloads, results, checkpoints, errors and runs of all its tasks, and 256 " +
            "for each; 0: no limit", Text(Default.StoredBytesPerToken),
            Long(0, 1L << 50), "a number of bytes from 0 to 1125899906842624",
            static (options, value) => options.Bounds.StoredBytesPerToken = value),
        new Setting<ServeOptions, int>("max-queues-per-token",
            "Most queues, not counting empty ones, that one token creates by submitting to them; 0: no limit",
            Text(Default.QueuesPerToken),
            Integer(0, Limits.QueuesMax), "a number of queues from 0 to 10000",
            static (options, value) => options.Bounds.QueuesPerToken = value),
        new Setting<ServeOptions, int>("max-groups-per-token", "Most groups per token; 0: no limit",
            Text(Default.GroupsPerToken),
            Integer(0, 1_000_000), "a number of groups from 0 to 1000000",
            static (options, value) => options.Bounds.GroupsPerToken = value),
        new Setting<ServeOptions, int>("max-modules-per-token", "Most modules pushed per token; 0: no limit",
            Text(Default.ModulesPerToken),
            Integer(0, Limits.ModulesMax), "a number of modules from 0 to 1000",
            static (options, value) => options.Bounds.ModulesPerToken = value),
        new Setting<ServeOptions, long>("max-module-bytes-per-token", "Most bytes of those modules; 0: no limit",
            Text(Default.ModuleBytesPerToken),
            Long(0, 1L << 50), "a number of bytes from 0 to 1125899906842624",
            static (options, value) => options.Bounds.ModuleBytesPerToken = value),
        new Setting<ServeOptions, long>("max-blob-bytes", "Largest file that can be pushed (a blob)",
            Text(Default.BlobBytes),
            Long(1, 1L << 40), "a number of bytes from 1 to 1099511627776",
            static (options, value) => options.Bounds.BlobBytes = value),
        new Setting<ServeOptions, long>("max-blobs-bytes", "Most bytes of all blobs, also those being pushed",
            Text(Default.BlobsBytes),
            Long(1, 1L << 50), "a number of bytes from 1 to 1125899906842624",
            static (options, value) => options.Bounds.BlobsBytes = value),
        new Setting<ServeOptions, long>("max-blob-bytes-per-token", "The same, pushed per token; 0: no limit",
            Text(Default.BlobBytesPerToken),
            Long(0, 1L << 50), "a number of bytes from 0 to 1125899906842624",
            static (options, value) => options.Bounds.BlobBytesPerToken = value),
        new Setting<ServeOptions, long>("max-output-bytes", "Most bytes of the files that one task writes",
            Text(Default.OutputBytes),
            Long(1, 1L << 40), "a number of bytes from 1 to 1099511627776",
            static (options, value) => options.Bounds.OutputBytes = value),
        new Setting<ServeOptions, int>("max-workers-remembered",
            "Most workers listed; those unseen the longest are dropped first", Text(Default.WorkersRemembered),
            Integer(10, 1_000_000), "a number of workers from 10 to 1000000",
            static (options, value) => options.Bounds.WorkersRemembered = value),
    ];

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static Func<string, (bool, int)> Integer(int min, int max) => ServeSettings.Integer(min, max);

    private static Func<string, (bool, long)> Long(long min, long max) =>
        text => (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= min
            && value <= max, value);

    /// <summary>Checks combinations of limits.</summary>
    /// <exception cref="CommandFailure">They contradict each other.</exception>
    public static void Complete(ServeOptions options)
    {
        var min = ServeBounds.InFlightBytesMin(options.BodyBytesMax);
        if (options.Bounds.InFlightBytesPerClient < min)
            throw new CommandFailure($"With --max-body-bytes {options.BodyBytesMax}, " +
                $"--max-inflight-bytes-per-client must be at least {min}.");
        if (options.Bounds.InFlightBytes < min)
            throw new CommandFailure($"With --max-body-bytes {options.BodyBytesMax}, --max-inflight-bytes must be " +
                $"at least {min}.");
    }
}
