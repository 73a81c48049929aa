using Weft.Http.Bounds;

namespace Weft.Background;

/// <summary>
/// Returns memory to the system after a busy time: the runtime collects only when it allocates, so a coordinator that
/// has become quiet would keep the memory of its busiest moment.
/// </summary>
/// <param name="allocated">Bytes that the process has allocated so far, freed ones included; null: asks the
/// runtime.</param>
internal sealed class MemoryReturn(ByteBudget budget, Func<long>? allocated = null)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    // Below this a collection of our own would cost more than it frees.
    private const long WorthwhileBytes = 32 << 20;

    // A few requests a second, and these checks themselves.
    private const long QuietBytes = 2 << 20;

    // What was released a moment ago may still be referenced, on a busy machine for longer.
    private const int CollectionsAfterBodies = 3;

    private readonly Func<long> _allocated = allocated ?? (static () => GC.GetTotalAllocatedBytes());
    private int _collectionsLeft;
    private long _allocatedAtCheck = allocated?.Invoke() ?? GC.GetTotalAllocatedBytes();

    // The start of the process is a busy time, too: it leaves twice as much as it needs.
    private long _allocatedAtCollection = -WorthwhileBytes;

    /// <summary>
    /// Collects when bodies took much memory and most of it has been released, and again at the next two checks; and
    /// once when a busy time is over. Returns how many collections it made.
    /// </summary>
    public Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var peak = budget.TakePeak();
        var bodiesAreGone = peak >= WorthwhileBytes && budget.Taken <= peak / 2;
        var allocatedNow = _allocated();
        var isQuiet = allocatedNow - _allocatedAtCheck < QuietBytes
            && allocatedNow - _allocatedAtCollection >= WorthwhileBytes;
        _allocatedAtCheck = allocatedNow;
        if (bodiesAreGone) _collectionsLeft = CollectionsAfterBodies;
        if (_collectionsLeft == 0 && !isQuiet) return Task.FromResult(0);
        _collectionsLeft = Math.Max(0, _collectionsLeft - 1);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        NativeHeap.Trim();
        _allocatedAtCollection = allocatedNow;
        return Task.FromResult(1);
    }
}
