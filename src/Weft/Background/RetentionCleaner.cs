using Weft.Core;
using Weft.Core.Storage;

namespace Weft.Background;

/// <summary>Deletes finished tasks that are older than the retention time, and groups of that age that hold no more tasks.</summary>
internal sealed class RetentionCleaner(ITaskStore store, TimeSpan retention)
{
    /// <summary>Deletes all that is old enough now, and returns how many tasks there were.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var tasks = await FullBatches.RunAsync(Limits.RetentionBatchMax, max => store.DeleteFinishedAsync(retention, max), cancellationToken);
        await FullBatches.RunAsync(Limits.RetentionBatchMax, max => store.DeleteEmptyGroupsAsync(retention, max), cancellationToken);
        return tasks;
    }
}
