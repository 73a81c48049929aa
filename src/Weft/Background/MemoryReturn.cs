using Weft.Http.Bounds;

namespace Weft.Background;

/// <summary>
/// Gives back to the system what large bodies, many connections and busy times have left behind: the runtime collects when it allocates, and keeps
/// for later what it has collected, so a coordinator would keep the memory of its busiest moment.
/// </summary>
internal sealed class MemoryReturn(ByteBudget budget, OpenConnections connections)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    // Below this the runtime's own pace is good enough, and a collection would cost more than it brings.
    private const long WorthwhileBytes = 32 << 20;
    private const int WorthwhileConnections = 1_000;

    // What the runtime may hold beyond what lives, or as much again where more lives: a collection takes longer then.
    private const long SpareBytesMin = 64 << 20;

    // Since the last collection: what was there then may have lived, and may go bit by bit.
    private long _bytesPeak;
    private int _connectionsPeak;
    private long _heldAfterLast;

    /// <summary>Collects when many bytes or connections were held and half of them are gone, or the runtime holds far more than lives. Says how many collections it made.</summary>
    public Task<int> RunOnceAsync(CancellationToken stop)
    {
        _bytesPeak = Math.Max(_bytesPeak, budget.TakePeak());
        _connectionsPeak = Math.Max(_connectionsPeak, connections.TakePeak());
        var bodiesAreGone = _bytesPeak >= WorthwhileBytes && budget.Taken <= _bytesPeak / 2;
        var connectionsAreGone = _connectionsPeak >= WorthwhileConnections && connections.Open <= _connectionsPeak / 2;
        var isSpare = HeldBytes() - _heldAfterLast > Math.Max(SpareBytesMin, _heldAfterLast);
        if (!bodiesAreGone && !connectionsAreGone && !isSpare) return Task.FromResult(0);
        (_bytesPeak, _connectionsPeak) = (budget.Taken, connections.Open);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _heldAfterLast = HeldBytes();
        return Task.FromResult(1);
    }

    private static long HeldBytes() => GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes;
}
