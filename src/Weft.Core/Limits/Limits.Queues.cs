namespace Weft.Core;

// Bounds of queues and their sets of requirements.
public static partial class Limits
{
    /// <summary>Queues of a store; each is held in memory, and stays once its name was used.</summary>
    public const int QueuesMax = 10_000;

    /// <summary>Distinct sets of requirements that one queue may hold: each costs every claim a lookup.</summary>
    public const int LanesPerQueueMax = 64;

    /// <summary>
    /// Lanes that one statement of a shared store looks at for claims: as many as one claim's queues may have. A batch
    /// of claims that name more looks several times.
    /// </summary>
    public const int LanesAskedMax = ClaimQueuesMax * LanesPerQueueMax;

    /// <summary>Of those, the sets that one owner was the first to need.</summary>
    public const int LanesPerQueueOfOwnerMax = 16;

    /// <summary>
    /// Ready checks of a lane that a claim looks at first; and how many behind them at most, where its worker's last
    /// claim found too few.
    /// </summary>
    public const int ChecksScanMax = 128;
    public const int ChecksScanBehindMax = 512;

    /// <summary>Places in lanes of checks that are remembered; then all are forgotten.</summary>
    public const int CheckScansMax = 10_000;

    /// <summary>So long a lane of which a claim has seen all checks is taken to have no more than that.</summary>
    public static readonly TimeSpan CheckLaneShortTime = TimeSpan.FromSeconds(1);

    /// <summary>Ready tasks of a lane that a claim looks at for files that its worker has.</summary>
    public const int LocalityDepthMax = 64;

    /// <summary>How often such a claim passes over a task that is before the one that it takes.</summary>
    public const int LocalityPassesMax = 3;

    /// <summary>Sets of files that are remembered of a worker; the newest.</summary>
    public const int LocalitySetsMax = 8;

    /// <summary>Workers whose sets of files are remembered; then all are forgotten.</summary>
    public const int LocalityWorkersMax = 10_000;

    /// <summary>Tasks that were passed over and are remembered; then all are forgotten.</summary>
    public const int LocalityTasksMax = 100_000;
}
