namespace Weft.Core;

// Limits of event streams.
public static partial class Limits
{
    /// <summary>Events kept for followers: a few megabytes.</summary>
    public const int EventsKeptMax = 32_768;

    /// <summary>How long events are kept after the last follower has left, in case it returns.</summary>
    public static readonly TimeSpan EventsKeptTime = TimeSpan.FromMinutes(5);

    /// <summary>Event streams open at once.</summary>
    public const int EventStreamsMax = 256;

    /// <summary>When an event stream ends, so that load balancers can move it.</summary>
    public static readonly TimeSpan EventStreamTimeMax = TimeSpan.FromMinutes(30);

    /// <summary>The interval of pings on an idle event stream.</summary>
    public static readonly TimeSpan EventPingInterval = TimeSpan.FromSeconds(15);

    /// <summary>Events that a stream reads at once.</summary>
    public const int EventBatchMax = 256;

    /// <summary>The time between two reads of a stream that is up to date.</summary>
    public static readonly TimeSpan EventPause = TimeSpan.FromMilliseconds(20);

    /// <summary>Events per second that a stream of all tasks sends.</summary>
    public const int EventsPerSecondMax = 2_000;

    /// <summary>The same for a stream of a part of the tasks.</summary>
    public const int EventsPerSecondFilteredMax = 20_000;

    /// <summary>How long a stream that has sent that many skips events.</summary>
    public static readonly TimeSpan EventRatePause = TimeSpan.FromSeconds(1);
}
