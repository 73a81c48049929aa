using Weft.Http.Bounds;

namespace Weft.Background;

/// <summary>
/// Gives back to the system what busy times have left behind: the runtime collects when it allocates, so a coordinator that has
/// become quiet would keep the memory of its busiest moment.
/// </summary>
/// <param name="allocated">Bytes that the process has allocated so far, freed ones included; null: asks the runtime.</param>
internal sealed class MemoryReturn(ByteBudget budget, Func<long>? allocated = null)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    // Below this the runtime's own pace is good enough, and a collection would cost more than it brings.
    private const long WorthwhileBytes = 32 << 20;

    // A few requests a second, and the looks themselves.
    private const long QuietBytes = 2 << 20;

    private readonly Func<long> _allocated = allocated ?? (static () => GC.GetTotalAllocatedBytes());
    private bool _bodiesWereGone;
    private long _allocatedAtLook;
    private long _allocatedAtCollection;

    /// <summary>
    /// Collects when much was taken by bodies and most of it has been given back, and at the next look again; and once when a busy
    /// time is over. Says how many collections it made.
    /// </summary>
    public Task<int> RunOnceAsync(CancellationToken stop)
    {
        var peak = budget.TakePeak();
        var bodiesAreGone = peak >= WorthwhileBytes && budget.Taken <= peak / 2;
        var allocatedNow = _allocated();
        var isQuiet = allocatedNow - _allocatedAtLook < QuietBytes && allocatedNow - _allocatedAtCollection >= WorthwhileBytes;
        // What was given back a moment ago may still be referred to: the next look finds it free.
        var isWorthwhile = bodiesAreGone || _bodiesWereGone || isQuiet;
        (_bodiesWereGone, _allocatedAtLook) = (bodiesAreGone, allocatedNow);
        if (!isWorthwhile) return Task.FromResult(0);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _allocatedAtCollection = allocatedNow;
        return Task.FromResult(1);
    }
}
