namespace Weft.Core;

// Limits of queues and their sets of requirements.
public static partial class Limits
{
    /// <summary>Queues in a store. Each is held in memory, and is never forgotten once it has been used.</summary>
    public const int QueuesMax = 10_000;

    /// <summary>Distinct sets of requirements that one queue may hold: each costs every claim a lookup.</summary>
    public const int LanesPerQueueMax = 64;

    /// <summary>
    /// Lanes that one statement of a shared store searches for claims: as many as the queues of one claim may have. A
    /// batch of claims with more lanes takes several statements.
    /// </summary>
    public const int LanesAskedMax = ClaimQueuesMax * LanesPerQueueMax;

    /// <summary>Sets of requirements that one owner may introduce in a queue.</summary>
    public const int LanesPerQueueOfOwnerMax = 16;

    /// <summary>
    /// Ready checks that a claim examines at the head of a lane, and how many beyond those if the worker's last claim
    /// found too few.
    /// </summary>
    public const int ChecksScanMax = 128;
    public const int ChecksScanBehindMax = 512;

    /// <summary>Cached positions in lanes of checks; the cache is cleared when it is full.</summary>
    public const int CheckScansMax = 10_000;

    /// <summary>How long a lane that a claim has read to its end is assumed to have no further checks.</summary>
    public static readonly TimeSpan CheckLaneShortTime = TimeSpan.FromSeconds(1);

    /// <summary>Ready tasks of a lane that a claim examines for one whose files its worker already has.</summary>
    public const int LocalityDepthMax = 64;

    /// <summary>How often such claims may pass over one task in favor of a later one.</summary>
    public const int LocalityPassesMax = 3;

    /// <summary>File sets remembered for each worker, the newest.</summary>
    public const int LocalitySetsMax = 8;

    /// <summary>Workers whose file sets are cached; the cache is cleared when it is full.</summary>
    public const int LocalityWorkersMax = 10_000;

    /// <summary>Tasks whose passes are counted; the counts are cleared when there are more.</summary>
    public const int LocalityTasksMax = 100_000;
}
