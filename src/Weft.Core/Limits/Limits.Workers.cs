namespace Weft.Core;

// Bounds of workers, and of what is remembered of them.
public static partial class Limits
{
    public const int WorkersRememberedMax = 10_000;

    /// <summary>Workers that a coordinator publishes at once.</summary>
    public const int WorkersPublishedMax = 1_000;

    public static readonly TimeSpan WorkersPublishInterval = TimeSpan.FromSeconds(2);

    /// <summary>
    /// A coordinator that has published nothing for this long has disappeared: no worker waits there any more.
    /// </summary>
    public static readonly TimeSpan CoordinatorGoneTime = TimeSpan.FromSeconds(15);

    /// <summary>How long to list workers last seen by a coordinator that has since disappeared.</summary>
    public static readonly TimeSpan WorkersOfGoneKeptTime = TimeSpan.FromMinutes(10);

    /// <summary>Every Nth publish round also removes coordinators that have disappeared.</summary>
    public const int WorkersForgottenRounds = 15;

    /// <summary>Leased tasks that the list of workers shows of each.</summary>
    public const int WorkerTasksListedMax = 100;

    /// <summary>Rows that one list of workers may read to find what they have leased.</summary>
    public const int LeasedScanMax = 10_000;

    /// <summary>A worker counts as active when it was seen within this time.</summary>
    public static readonly TimeSpan WorkerActiveTime = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A worker counts as one of its queues' when it was seen within this time: it may be busy with a long task.
    /// </summary>
    public static readonly TimeSpan WorkerServesTime = TimeSpan.FromSeconds(60);

    /// <summary>Keys that workers of one network may get within an hour.</summary>
    public const int NewcomersMax = 64;

    /// <summary>Networks whose newcomers are counted.</summary>
    public const int NewcomerNetworksMax = 65_536;

    /// <summary>Characters of a worker's key that are read; a key has fewer.</summary>
    public const int WorkerKeyCharsMax = 64;

    /// <summary>Names on the board.</summary>
    public const int BoardNamesMax = 1_000;

    /// <summary>Characters of a name on the board.</summary>
    public const int BoardNameCharsMax = 40;

    /// <summary>How often what was computed under names is stored, and that of other coordinators read.</summary>
    public static readonly TimeSpan BoardInterval = TimeSpan.FromSeconds(10);

    /// <summary>Characters of queues and capabilities that are remembered of a worker's last claim.</summary>
    public const int WorkerOfferCharsMax = 512;
}
