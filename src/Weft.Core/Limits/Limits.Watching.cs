namespace Weft.Core;

// Limits of metrics, samples and overviews.
public static partial class Limits
{
    /// <summary>The default number of queues with metrics of their own; the others share theirs.</summary>
    public const int MetricsQueuesDefault = 100;

    /// <summary>The maximum age of the values that a scrape reads.</summary>
    public static readonly TimeSpan SnapshotAgeMax = TimeSpan.FromSeconds(1);

    /// <summary>How often a coordinator samples itself while it isn't watched.</summary>
    public static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(10);

    /// <summary>The period over which rates are computed.</summary>
    public static readonly TimeSpan WatchRatesTime = TimeSpan.FromMinutes(1);

    /// <summary>The period over which the share of failures is computed.</summary>
    public static readonly TimeSpan WatchFailuresTime = TimeSpan.FromMinutes(5);

    /// <summary>How long dead tasks count as recent.</summary>
    public static readonly TimeSpan WatchDeathsTime = TimeSpan.FromMinutes(15);

    /// <summary>Sets of requirements in which the oldest ready task is looked for: the largest ones.</summary>
    public const int OldestLanesMax = 100;

    /// <summary>Distinct priorities of each in which it is looked for, from the highest.</summary>
    public const int OldestPrioritiesMax = 16;

    /// <summary>How long the minutes of all queues together are stored, for plots.</summary>
    public static readonly TimeSpan SamplesKeptTime = TimeSpan.FromDays(7);

    /// <summary>The same for single queues.</summary>
    public static readonly TimeSpan QueueSamplesKeptTime = TimeSpan.FromHours(1);

    /// <summary>Queues whose minutes are stored: the busiest.</summary>
    public const int QueueSamplesMax = 20;

    /// <summary>Sets of requirements listed for one queue.</summary>
    public const int LanesListedMax = 100;

    /// <summary>How many queues an overview lists.</summary>
    public const int WatchedQueuesMax = 100;
}
