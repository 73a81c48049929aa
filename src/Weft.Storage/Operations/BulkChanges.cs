using Weft.Core.Access;
using Weft.Core.Events;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Engine;
using Weft.Storage.Statements;

namespace Weft.Storage.Operations;

/// <summary>
/// The tasks of a bulk operation's step, as a reader found them: writers may have changed them since.
/// </summary>
/// <param name="Tasks">The tasks that matched then, with their owners.</param>
/// <param name="Looked">How many were examined.</param>
/// <param name="Next">Where the next step continues.</param>
/// <param name="IsLast">Whether there is no next step.</param>
internal sealed record BulkStep(
    IReadOnlyList<(TaskId Id, TokenId? Owner)> Tasks, long Looked, TaskId Next, bool IsLast);

/// <summary>Stores a new bulk operation, and deletes the oldest over the limit.</summary>
internal sealed class StartBulkOperation(BulkOrder order) : StoreOperation<BulkStart>
{
    public override void Decide(WriteTransaction transaction)
    {
        Outcome = new(BulkStartStatus.TooMany, null);
        var now = transaction.Now;
        var ids = order.Selection.Ids;
        transaction.Write(statements =>
        {
            statements.Query(StoreSql.InsertBulkOperation, row => Started(transaction, new(
                new(row.Long(0)), order, BulkState.Running, default, new(row.Long(1)), default, now, null)
            {
                IdCount = ids?.Count,
            }))
                .With((long)order.Action)
                .With(order.Selection.Filter is { } filter ? TaskFilterText.Write(filter) : null)
                .With(BulkRows.WriteIds(ids))
                .With(ids?.Count)
                .With(order.Priority)
                .With(order.Owner?.Value)
                .With(order.Actor.Token?.Value)
                .With(order.Actor.Name)
                .With(now.ToUnixTimeMilliseconds())
                // Some places are reserved for callers that may change everybody's tasks.
                .With(Core.Limits.BulkOperationsMax + (order.Owner is null ? Core.Limits.BulkOperationsOfTokenMax : 0))
                .With(Core.Limits.BulkOperationsOfTokenMax);
            DeleteOldBulkOperations.Delete(statements, long.MinValue, static _ => { });
        });
    }

    private void Started(WriteTransaction transaction, BulkOperation operation)
    {
        Outcome = new(BulkStartStatus.Started, operation);
        BulkEvents.Tell(transaction, EventType.OperationStarted, operation.Id, operation.Counts);
    }
}

/// <summary>Stops a bulk operation at its current position. False: it doesn't exist, or has ended.</summary>
internal sealed class StopBulkOperation(BulkOperationId id, string reason) : StoreOperation<bool>
{
    public override void Decide(WriteTransaction transaction)
    {
        Outcome = false;
        transaction.Write(statements => statements.Query(StoreSql.StopBulkOperation, row => Stopped(transaction, row))
            .With(reason)
            .With(transaction.Now.ToUnixTimeMilliseconds())
            .With(id.Value));
    }

    private void Stopped(WriteTransaction transaction, IRow row)
    {
        Outcome = true;
        var counts = new BulkCounts(row.Long(0), row.Long(1), row.Long(2), row.Long(3));
        BulkEvents.Tell(transaction, EventType.OperationStopped, id, counts);
    }
}

/// <summary>Deletes bulk operations that are old, or over the limit. Returns how many.</summary>
internal sealed class DeleteOldBulkOperations(TimeSpan age) : StoreOperation<int>
{
    public override void Decide(WriteTransaction transaction)
    {
        Outcome = 0;
        var before = (transaction.Now - age).ToUnixTimeMilliseconds();
        transaction.Write(statements => Delete(statements, before, _ => Outcome++));
    }

    public static void Delete(IStatements statements, long finishedBefore, Action<IRow> deleted) =>
        statements.Query(StoreSql.DeleteOldBulkOperations, deleted)
            .With(finishedBefore)
            .With(Core.Limits.BulkOperationsKeptMax);
}

/// <summary>Publishes the progress of a bulk operation as an event, once it is committed.</summary>
internal static class BulkEvents
{
    public static void Tell(WriteTransaction transaction, EventType type, BulkOperationId id, BulkCounts counts) =>
        transaction.Tally.Add(new EventRecord(type, transaction.Now) { Operation = (id, counts) });
}
