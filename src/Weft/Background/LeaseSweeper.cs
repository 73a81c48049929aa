using Weft.Core;
using Weft.Core.Storage;

namespace Weft.Background;

/// <summary>Moves on what is due: lapsed leases, scheduled times, expiries.</summary>
internal sealed class LeaseSweeper(ITaskStore store)
{
    /// <summary>Moves on all that is due now; answers how many tasks there were.</summary>
    public async Task<int> RunOnceAsync(CancellationToken stop)
    {
        var total = 0;
        for (var moved = Limits.SweepBatchMax; moved == Limits.SweepBatchMax && !stop.IsCancellationRequested;)
        {
            moved = await store.SweepAsync(Limits.SweepBatchMax);
            total += moved;
        }

        return total;
    }
}
