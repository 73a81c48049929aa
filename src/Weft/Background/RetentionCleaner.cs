using Weft.Core;
using Weft.Core.Storage;

namespace Weft.Background;

/// <summary>Deletes finished tasks once they are older than the retention time.</summary>
internal sealed class RetentionCleaner(ITaskStore store, TimeSpan retention)
{
    /// <summary>Deletes all that is old enough now; answers how many tasks there were.</summary>
    public async Task<int> RunOnceAsync(CancellationToken stop)
    {
        var total = 0;
        for (var deleted = Limits.RetentionBatchMax; deleted == Limits.RetentionBatchMax && !stop.IsCancellationRequested;)
        {
            deleted = await store.DeleteFinishedAsync(retention, Limits.RetentionBatchMax);
            total += deleted;
        }

        return total;
    }
}
