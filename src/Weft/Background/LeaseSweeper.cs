using Weft.Core;
using Weft.Core.Storage;

namespace Weft.Background;

/// <summary>Processes expired leases, scheduled times, and tasks' own expiries.</summary>
internal sealed class LeaseSweeper(ITaskStore store)
{
    /// <summary>Processes everything that is due now, and returns the number of tasks.</summary>
    public Task<int> RunOnceAsync(CancellationToken cancellationToken) =>
        FullBatches.RunAsync(Limits.SweepBatchMax, store.SweepAsync, cancellationToken);
}
