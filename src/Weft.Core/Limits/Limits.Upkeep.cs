namespace Weft.Core;

// Limits of the coordinator's background work: clocks, sweeps, retention.
public static partial class Limits
{
    /// <summary>How far the wall clock may deviate from the monotonic one before stored times are adjusted.</summary>
    public static readonly TimeSpan ClockGapMax = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Finish times are adjusted if the wall clock was set by this much: less doesn't matter to a retention time.
    /// </summary>
    public static readonly TimeSpan FinishesFollowMin = TimeSpan.FromMinutes(1);

    public static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    /// <summary>Tasks in one sweep's transaction, so that many expired leases don't delay requests.</summary>
    public const int SweepBatchMax = 1_000;

    /// <summary>Tasks that retention deletes in one transaction.</summary>
    public const int RetentionBatchMax = 500;

    /// <summary>
    /// Bytes of payloads, results and checkpoints that one transaction deletes, approximately; at least one task's.
    /// Their database pages are freed one by one: 800 MB block a writer for two seconds.
    /// </summary>
    public const int DeleteBytesMax = 16 << 20;

    /// <summary>
    /// Finished tasks that one run of retention may skip because a reader may still wait for their results.
    /// </summary>
    public const int RetentionScanMax = 10_000;

    /// <summary>
    /// How many retention times a finished task is kept while its group is unfinished: a reader in submission order may
    /// reach it late.
    /// </summary>
    public const int RetentionTimesInGroup = 10;

    public static readonly TimeSpan RetentionInterval = TimeSpan.FromSeconds(10);
}
