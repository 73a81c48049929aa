using Weft.Core;
using Weft.Core.Storage;

namespace Weft.Background;

/// <summary>
/// Deletes finished tasks older than the retention time, empty groups of that age, unreferenced files, and bulk
/// operations and audit entries of that age.
/// </summary>
internal sealed class RetentionCleaner(
    ITaskStore store, IBlobStore blobs, IBulkStore bulk, IAuditStore audit, TimeSpan retention)
{
    private int _round;

    /// <summary>Deletes everything old enough now, and returns the number of tasks.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var tasks = await DeleteTasksAsync(cancellationToken);
        await FullBatches.RunAsync(Limits.RetentionBatchMax, max => store.DeleteEmptyGroupsAsync(retention, max),
            cancellationToken);
        await FullBatches.RunAsync(
            Limits.BlobCleanChunksMax, max => blobs.CleanAsync(retention, max), cancellationToken);
        // These are few and small, so a late deletion is harmless, and a store without any is rarely queried.
        if (_round++ % Limits.BulkRetentionRounds != 0) return tasks;
        await bulk.DeleteOldAsync(retention);
        await FullBatches.RunAsync(
            Limits.RetentionBatchMax, max => audit.DeleteOldAsync(retention, max), cancellationToken);
        return tasks;
    }

    // Until none are left: a short batch may not be the last one, since batches of large tasks are short.
    private async Task<int> DeleteTasksAsync(CancellationToken cancellationToken)
    {
        var (total, deleted) = (0, 1);
        for (; deleted > 0 && !cancellationToken.IsCancellationRequested; total += deleted)
        {
            deleted = await store.DeleteFinishedAsync(retention, Limits.RetentionBatchMax);
        }

        return total;
    }
}
