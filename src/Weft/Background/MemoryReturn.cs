using Weft.Http.Bounds;

namespace Weft.Background;

/// <summary>
/// Gives back to the system what large bodies and busy times have left behind: the runtime collects when it allocates, and keeps
/// for later what it has collected, so a coordinator would keep the memory of its busiest moment.
/// </summary>
internal sealed class MemoryReturn(ByteBudget budget)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    // Below this the runtime's own pace is good enough, and a collection would cost more than it brings.
    private const long WorthwhileBytes = 32 << 20;

    // What the runtime may hold beyond what lives, or as much again where more lives: a collection takes longer then.
    private const long SpareBytesMin = 64 << 20;

    private long _heldAfterLast;

    /// <summary>Collects when much was taken and most of it has been given back, or the runtime holds far more than lives. Says how many collections it made.</summary>
    public Task<int> RunOnceAsync(CancellationToken stop)
    {
        var peak = budget.TakePeak();
        var bodiesAreGone = peak >= WorthwhileBytes && budget.Taken <= peak / 2;
        var isSpare = HeldBytes() - _heldAfterLast > Math.Max(SpareBytesMin, _heldAfterLast);
        if (!bodiesAreGone && !isSpare) return Task.FromResult(0);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _heldAfterLast = HeldBytes();
        return Task.FromResult(1);
    }

    private static long HeldBytes() => GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes;
}
