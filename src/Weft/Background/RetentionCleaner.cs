using Weft.Core;
using Weft.Core.Storage;

namespace Weft.Background;

/// <summary>
/// Deletes finished tasks that are older than the retention time, groups of that age that
/// hold no more tasks, files that nothing names, and bulk operations and entries of the audit of
/// that age.
/// </summary>
internal sealed class RetentionCleaner(
    ITaskStore store, IBlobStore blobs, IBulkStore bulk, IAuditStore audit, TimeSpan retention)
{
    private int _round;

    /// <summary>Deletes all that is old enough now, and returns how many tasks there were.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var tasks = await DeleteTasksAsync(cancellationToken);
        await FullBatches.RunAsync(Limits.RetentionBatchMax, max => store.DeleteEmptyGroupsAsync(retention, max),
            cancellationToken);
        await FullBatches.RunAsync(
            Limits.BlobCleanChunksMax, max => blobs.CleanAsync(retention, max), cancellationToken);
        // Few and small: they needn't go to the second, and a store without any is seldom asked.
        if (_round++ % Limits.BulkRetentionRounds != 0) return tasks;
        await bulk.DeleteOldAsync(retention);
        await FullBatches.RunAsync(
            Limits.RetentionBatchMax, max => audit.DeleteOldAsync(retention, max), cancellationToken);
        return tasks;
    }

    // Until there is none: a batch of large tasks has few.
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
