namespace Weft.Core;

// Bounds of streams of events.
public static partial class Limits
{
    /// <summary>Events that are kept while somebody follows them: a few megabytes.</summary>
    public const int EventsKeptMax = 32_768;

    /// <summary>How long events are kept after the last follower has left: it may come back.</summary>
    public static readonly TimeSpan EventsKeptTime = TimeSpan.FromMinutes(5);

    /// <summary>Streams of events that are open at once.</summary>
    public const int EventStreamsMax = 256;

    /// <summary>When a stream of events ends by itself, so that balancers can move it.</summary>
    public static readonly TimeSpan EventStreamTimeMax = TimeSpan.FromMinutes(30);

    /// <summary>How often a stream of events says that it is alive where nothing happens.</summary>
    public static readonly TimeSpan EventPingInterval = TimeSpan.FromSeconds(15);

    /// <summary>Events that a stream looks at together.</summary>
    public const int EventBatchMax = 256;

    /// <summary>Between two looks of a stream that has seen all.</summary>
    public static readonly TimeSpan EventPause = TimeSpan.FromMilliseconds(20);

    /// <summary>Events that a stream of all tasks sends in a second.</summary>
    public const int EventsPerSecondMax = 2_000;

    /// <summary>The same of one that asks for a part of the tasks.</summary>
    public const int EventsPerSecondFilteredMax = 20_000;

    /// <summary>How long a stream that has sent that many leaves out what happens.</summary>
    public static readonly TimeSpan EventRatePause = TimeSpan.FromSeconds(1);
}
