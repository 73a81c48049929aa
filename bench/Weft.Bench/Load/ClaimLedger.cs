namespace Weft.Bench.Load;

/// <summary>
/// Which tasks a server has handed out. No lease runs out during a measurement, so each may be handed out once.
/// Thread-safe.
/// </summary>
internal sealed class ClaimLedger
{
    private const long TaskIdMax = 1L << 26;
    private readonly long[] claimed = new long[TaskIdMax / 64];

    /// <summary>False for a task that was handed out before, or an id that no server reaches here.</summary>
    public bool TryAdd(long taskId)
    {
        if (taskId is < 1 or >= TaskIdMax) return false;
        var bit = 1L << (int)(taskId % 64);
        return (Interlocked.Or(ref claimed[taskId / 64], bit) & bit) == 0;
    }
}
