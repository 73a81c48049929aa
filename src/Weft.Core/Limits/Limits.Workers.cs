namespace Weft.Core;

// Limits of workers, and of what is remembered about them.
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

    /// <summary>Leased tasks that the list of workers shows for each.</summary>
    public const int WorkerTasksListedMax = 100;

    /// <summary>Rows that one list of workers may read to find their leased tasks.</summary>
    public const int LeasedScanMax = 10_000;

    /// <summary>A worker counts as active if it was seen within this time.</summary>
    public static readonly TimeSpan WorkerActiveTime = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A worker counts as serving its queues if it was seen within this time: it may be busy with a long task.
    /// </summary>
    public static readonly TimeSpan WorkerServesTime = TimeSpan.FromSeconds(60);

    /// <summary>Keys for workers of one network within an hour.</summary>
    public const int NewcomersMax = 64;

    /// <summary>Networks whose new workers are counted.</summary>
    public const int NewcomerNetworksMax = 65_536;

    /// <summary>Characters of a worker's key that are read; a key has fewer.</summary>
    public const int WorkerKeyCharsMax = 64;

    /// <summary>Names on the board.</summary>
    public const int BoardNamesMax = 1_000;

    /// <summary>Characters of a name on the board.</summary>
    public const int BoardNameCharsMax = 40;

    /// <summary>How often board counts are stored, and those of other coordinators read.</summary>
    public static readonly TimeSpan BoardInterval = TimeSpan.FromSeconds(10);

    /// <summary>Characters that are kept of the queues and capabilities in a worker's last claim.</summary>
    public const int WorkerOfferCharsMax = 512;
}
