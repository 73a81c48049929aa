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

    // Below this size, a collection of our own would cost more than it frees.
    private const long WorthwhileBytes = 32 << 20;

    // Covers a few requests a second, and these checks themselves.
    private const long QuietBytes = 2 << 20;

    // Recently released memory may still be referenced, longer on a busy machine.
    private const int CollectionsAfterBodies = 3;

    private readonly Func<long> _allocated = allocated ?? (static () => GC.GetTotalAllocatedBytes());
    private int _collectionsLeft;
    private long _allocatedAtCheck = allocated?.Invoke() ?? GC.GetTotalAllocatedBytes();

    // The start of the process counts as busy time: it leaves twice the memory that is needed.
    private long _allocatedAtCollection = -WorthwhileBytes;

    /// <summary>
    /// Collects when bodies took much memory and most of it has been released, and again at the next two checks; and
    /// once when a busy time is over. Returns the number of collections.
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
