namespace Weft.Core;

// Bounds of what the coordinator does by itself: clocks, sweeps, retention.
public static partial class Limits
{
    /// <summary>How far the wall clock may deviate from the monotonic one before stored times are adjusted.</summary>
    public static readonly TimeSpan ClockGapMax = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Finish times are adjusted when the wall clock was set by this much: less doesn't matter to a retention time.
    /// </summary>
    public static readonly TimeSpan FinishesFollowMin = TimeSpan.FromMinutes(1);

    public static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    /// <summary>Tasks in one sweep's transaction, so that a wave of expired leases doesn't hold up requests.</summary>
    public const int SweepBatchMax = 1_000;

    /// <summary>Tasks that retention deletes in one transaction.</summary>
    public const int RetentionBatchMax = 500;

    /// <summary>
    /// Bytes of payloads, results and checkpoints that one transaction deletes, about; one task's at least. The disk's
    /// pages of each are freed one by one: 800 MB hold up a writer for two seconds.
    /// </summary>
    public const int DeleteBytesMax = 16 << 20;

    /// <summary>
    /// Finished tasks that one run of retention may skip because a reader may still wait for their results.
    /// </summary>
    public const int RetentionScanMax = 10_000;

    /// <summary>
    /// How many retention times a finished task is kept while its group is unfinished: a reader in order may reach it
    /// late.
    /// </summary>
    public const int RetentionTimesInGroup = 10;

    public static readonly TimeSpan RetentionInterval = TimeSpan.FromSeconds(10);
}
