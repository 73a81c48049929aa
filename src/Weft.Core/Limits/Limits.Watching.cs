namespace Weft.Core;

// Bounds of metrics, samples and overviews.
public static partial class Limits
{
    /// <summary>
    /// How many queues have metrics of their own where the setting doesn't say; the others share theirs.
    /// </summary>
    public const int MetricsQueuesDefault = 100;

    /// <summary>How old the numbers may be that a scrape reads.</summary>
    public static readonly TimeSpan SnapshotAgeMax = TimeSpan.FromSeconds(1);

    /// <summary>How often a coordinator looks at itself while nobody watches.</summary>
    public static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(10);

    /// <summary>Over how long rates are told.</summary>
    public static readonly TimeSpan WatchRatesTime = TimeSpan.FromMinutes(1);

    /// <summary>For how long a share of failures counts.</summary>
    public static readonly TimeSpan WatchFailuresTime = TimeSpan.FromMinutes(5);

    /// <summary>For how long tasks that died are news.</summary>
    public static readonly TimeSpan WatchDeathsTime = TimeSpan.FromMinutes(15);

    /// <summary>Sets of requirements in which the oldest ready task is looked for: the fullest.</summary>
    public const int OldestLanesMax = 100;

    /// <summary>Distinct priorities of each in which it is looked for, from the highest.</summary>
    public const int OldestPrioritiesMax = 16;

    /// <summary>How long minutes of all queues together are stored, for plots.</summary>
    public static readonly TimeSpan SamplesKeptTime = TimeSpan.FromDays(7);

    /// <summary>The same of single queues.</summary>
    public static readonly TimeSpan QueueSamplesKeptTime = TimeSpan.FromHours(1);

    /// <summary>Queues whose minute is stored: the busiest.</summary>
    public const int QueueSamplesMax = 20;

    /// <summary>How many sets of requirements are listed of one queue.</summary>
    public const int LanesListedMax = 100;

    /// <summary>How many queues an overview lists.</summary>
    public const int WatchedQueuesMax = 100;
}
