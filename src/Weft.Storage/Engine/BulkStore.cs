using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Operations;
using Weft.Storage.Statements;

namespace Weft.Storage.Engine;

/// <summary>
/// Bulk operations, stored with the tasks. A step is read by a reader and then decided by a writer, so the writer never
/// scans tasks that don't match.
/// </summary>
internal sealed class BulkStore(TaskStore store, StoreReads reads) : IBulkStore
{
    public Task<BulkStart> StartAsync(BulkOrder order) =>
        store.RunAsync(new StartBulkOperation(order), Admission.NewWork);

    public async Task<BulkMatch> CountAsync(BulkOrder order, CancellationToken cancellationToken)
    {
        if (order.Selection.Ids is { } ids)
        {
            var found = await reads.FindOwnedAsync(ids, order.Owner);
            return new(found.Count, ids.Count, IsExact: true);
        }

        var filter = FilterOf(order);
        var (count, looked, after) = (0L, 0L, default(TaskId));
        for (var pages = 0; pages < Limits.BulkCountPagesMax && looked < Limits.BulkCountLookMax; pages++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var page = await reads.ListAsync(filter, after, Limits.ListPageMax, cancellationToken);
            (count, looked) = (count + page.Tasks.Count, looked + page.Scanned);
            if (page.Next is not { } next) return new(count, looked, IsExact: true);
            after = next;
        }

        return new(count, looked, IsExact: false);
    }

    public Task<BulkOperation?> FindAsync(BulkOperationId id) => reads.FindAsync<BulkOperation>((statements, found) =>
        statements.Query(StoreSql.SelectBulkOperation, row => found(BulkRows.Read(row))).With(id.Value));

    public async Task<BulkPage> ListAsync(TokenId? token, BulkOperationId? before, int limit)
    {
        var start = before?.Value ?? long.MaxValue;
        var found = token is { } known
            ? await reads.ListAsync(StoreSql.SelectBulkOperationsOfToken, BulkRows.Read, query =>
                query.With(known.Value).With(start).With(limit + 1))
            : await reads.ListAsync(StoreSql.SelectBulkOperations, BulkRows.Read, query =>
                query.With(start).With(limit + 1));
        return found.Count > limit ? new([.. found.Take(limit)], found[limit - 1].Id) : new(found, null);
    }

    public Task<BulkOperation?> FindRunningAsync(string runner, DateTimeOffset now) =>
        reads.FindAsync<BulkOperation>((statements, found) =>
            statements.Query(StoreSql.SelectRunningBulkOperation, row => found(BulkRows.Read(row)))
                .With(runner)
                .With(now.ToUnixTimeMilliseconds()));

    public async Task<BulkOperation?> AdvanceAsync(BulkOperation operation, string runner)
    {
        var step = operation.Order.Selection.Ids is { } ids
            ? await ReadIdsAsync(operation, ids)
            : await ReadPageAsync(operation);
        if (operation.Order.Action == BulkAction.Delete) step = await BoundAsync(step);
        var advance = new AdvanceBulkOperation(operation, step, runner, reads.Sql.LockBulkOperation);
        return await store.RunAsync(advance, Admission.Progress);
    }

    public Task<bool> StopAsync(BulkOperationId id, string reason) =>
        store.RunAsync(new StopBulkOperation(id, reason), Admission.Progress);

    public Task<int> DeleteOldAsync(TimeSpan age) =>
        store.RunAsync(new DeleteOldBulkOperations(age), Admission.Progress);

    private async Task<BulkStep> ReadIdsAsync(BulkOperation operation, IReadOnlyList<TaskId> ids)
    {
        var left = ids.SkipWhile(id => id.Value <= operation.Cursor.Value);
        TaskId[] asked = [.. left.Take(Limits.BulkStepMax)];
        var known = asked.Where(id => id.Value <= operation.Last.Value);
        var found = await reads.FindOwnedAsync([.. known], operation.Order.Owner);
        var isLast = asked.Length < Limits.BulkStepMax;
        return new(found, asked.Length, asked.Length > 0 ? asked[^1] : operation.Cursor, isLast);
    }

    private async Task<BulkStep> ReadPageAsync(BulkOperation operation)
    {
        var filter = FilterOf(operation.Order);
        var (last, at, looked) = (operation.Last.Value, operation.Cursor, 0L);
        for (var pages = 1; ; pages++)
        {
            var page = await reads.ListAsync(filter, at, Limits.BulkStepMax, CancellationToken.None);
            TaskId[] found = [.. page.Tasks.Select(static task => task.Id).TakeWhile(id => id.Value <= last)];
            looked += page.Scanned;
            var isLast = page.Next is not { } next || next.Value >= last;
            at = isLast ? operation.Last : page.Next!.Value;
            if (found.Length == 0 && !isLast && pages < Limits.BulkEmptyPagesMax) continue;
            return new(await WithOwnersAsync(operation.Order, found), looked, at, isLast);
        }
    }

    /// <summary>The part of a deleting step that one transaction may delete.</summary>
    private async Task<BulkStep> BoundAsync(BulkStep step)
    {
        var sizes = await reads.FindBytesAsync([.. step.Tasks.Select(static task => task.Id)]);
        var (bytes, count) = (0L, 0);
        while (count < step.Tasks.Count && bytes < Limits.DeleteBytesMax)
        {
            bytes += sizes.GetValueOrDefault(step.Tasks[count++].Id);
        }

        // Tasks examined after the last one are examined again.
        return count == step.Tasks.Count
            ? step
            : new([.. step.Tasks.Take(count)], count, step.Tasks[count - 1].Id, IsLast: false);
    }

    /// <summary>Only a retry needs the owners: it counts against their limits.</summary>
    private async Task<IReadOnlyList<(TaskId Id, TokenId? Owner)>> WithOwnersAsync(BulkOrder order, TaskId[] found)
    {
        if (order.Action == BulkAction.Retry && order is { Owner: null, Actor.Token: not null })
        {
            return await reads.FindOwnersAsync(found);
        }

        return [.. found.Select(id => (id, order.Owner))];
    }

    private static TaskFilter FilterOf(BulkOrder order) =>
        BulkSelection.FilterFor(order.Action, order.Selection.Filter!) with
        {
            Owner = order.Owner,
            NewestFirst = false,
        };
}
