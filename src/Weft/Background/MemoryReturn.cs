using Weft.Http.Bounds;

namespace Weft.Background;

/// <summary>
/// Gives back to the system what large bodies have left behind: the runtime collects when it allocates, so a coordinator that has
/// become quiet would keep the memory of its busiest moment.
/// </summary>
internal sealed class MemoryReturn(ByteBudget budget)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    // Below this the runtime's own pace is good enough, and a collection would cost more than it brings.
    private const long WorthwhileBytes = 32 << 20;

    private bool _bodiesWereGone;

    /// <summary>Collects when much was taken and most of it has been given back, and at the next look again. Says how many collections it made.</summary>
    public Task<int> RunOnceAsync(CancellationToken stop)
    {
        var peak = budget.TakePeak();
        var bodiesAreGone = peak >= WorthwhileBytes && budget.Taken <= peak / 2;
        // What was given back a moment ago may still be referred to: the next look finds it free.
        var isWorthwhile = bodiesAreGone || _bodiesWereGone;
        _bodiesWereGone = bodiesAreGone;
        if (!isWorthwhile) return Task.FromResult(0);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return Task.FromResult(1);
    }
}
