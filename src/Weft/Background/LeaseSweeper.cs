using Weft.Core;
using Weft.Core.Storage;

namespace Weft.Background;

/// <summary>Moves on what is due: expired leases, scheduled times, tasks' own expiries.</summary>
internal sealed class LeaseSweeper(ITaskStore store)
{
    /// <summary>Moves on all that is due now, and returns how many tasks there were.</summary>
    public Task<int> RunOnceAsync(CancellationToken cancellationToken) =>
        FullBatches.RunAsync(Limits.SweepBatchMax, store.SweepAsync, cancellationToken);
}
