using Weft.Core;
using Weft.Core.Events;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Engine;
using Weft.Storage.Statements;

namespace Weft.Storage.Operations;

/// <summary>
/// Runs one step of a bulk operation: its tasks are changed and its position is stored in one transaction. The step
/// counts only if the operation is still at the position where the step was read, so that no task is processed twice.
/// Null: nothing was done.
/// </summary>
/// <param name="operation">As it was when the step was read.</param>
/// <param name="step">The step.</param>
/// <param name="runner">The coordinator that runs it.</param>
/// <param name="lockSql">Reads and locks the operation's row.</param>
internal sealed class AdvanceBulkOperation(BulkOperation operation, BulkStep step, string runner, string lockSql)
    : StoreOperation<BulkOperation?>
{
    public const string TokenEnded = "token_ended";

    private readonly TaskChange[] _changes = [.. step.Tasks.Select(task =>
        new TaskChange(task.Id, CommandOf(operation.Order)) { Owner = task.Owner })];

    // Columns that only a list reads were compared when the step was read, and don't change unless the others do.
    private readonly TaskFilter? _filter = operation.Order.Selection.Filter is { } filter
        ? BulkSelection.FilterFor(operation.Order.Action, filter) with { ErrorText = null, PayloadText = null }
        : null;

    private BulkOperation? _found;
    private (bool IsThere, DateTimeOffset? ExpiresAt) _token;

    public override int Rows => _changes.Length + 1;

    public override void Plan(ReadPlan plan) => TaskChanges.Plan(plan, _changes);

    public override void Look(IStatements statements)
    {
        (_found, _token) = (null, default);
        statements.Query(lockSql, row => _found = BulkRows.Read(row)).With(operation.Id.Value);
        if (operation.Order.Actor.Token is not { } token) return;
        statements.Query(StoreSql.SelectTokenEnd, row => _token = (true, row.TimeOrNull(0))).With(token.Value);
    }

    public override void Decide(WriteTransaction transaction)
    {
        Outcome = null;
        var now = transaction.Now;
        if (_found is not { State: BulkState.Running } found || found.Cursor != operation.Cursor) return;
        if (found.Runner.Name is { } other && other != runner && found.Runner.Until > now) return;
        var tokenEnded = operation.Order.Actor.Token is not null && !(_token.IsThere && !(_token.ExpiresAt <= now));
        var next = tokenEnded
            ? found with { State = BulkState.Stopped, Reason = TokenEnded }
            : found with
            {
                State = step.IsLast ? BulkState.Finished : BulkState.Running,
                Cursor = step.Next,
                Counts = Change(transaction, found.Counts),
            };
        Outcome = next with
        {
            FinishedAt = next.State == BulkState.Running ? null : now,
            Runner = (runner, now + Limits.BulkRunnerTime),
        };
        transaction.Write(statements => Store(statements, Outcome));
        BulkEvents.Tell(transaction, EventOf(next.State), next.Id, next.Counts);
    }

    private BulkCounts Change(WriteTransaction transaction, BulkCounts counts)
    {
        var (matched, changed) = (0, 0);
        foreach (var change in _changes)
        {
            // It may have been changed since, or deleted.
            if (transaction.Find(change.Id) is not { } task || _filter?.Matches(task) == false) continue;
            matched++;
            if (TryChange(transaction, task, change)) changed++;
        }

        // Empty lanes are freed as retention frees them.
        if (operation.Order.Action == BulkAction.Delete) transaction.EndRetention(isLast: step.IsLast);
        return new(
            counts.Looked + step.Looked, counts.Matched + matched, counts.Changed + changed,
            counts.Refused + matched - changed);
    }

    private bool TryChange(WriteTransaction transaction, TaskRecord task, TaskChange change) =>
        operation.Order.Action == BulkAction.Delete
            ? task.State.IsFinal && transaction.TryDelete(task)
            : TaskChanges.DecideOne(transaction, change).Refusal == Refusal.None;

    private static void Store(IStatements statements, BulkOperation next) =>
        statements.Run(StoreSql.UpdateBulkOperation)
            .With((long)next.State)
            .With(next.Cursor.Value)
            .With(next.Counts.Looked)
            .With(next.Counts.Matched)
            .With(next.Counts.Changed)
            .With(next.Counts.Refused)
            .With(next.FinishedAt?.ToUnixTimeMilliseconds())
            .With(next.Reason)
            .With(next.Runner.Name)
            .With(next.Runner.Until?.ToUnixTimeMilliseconds())
            .With(next.Id.Value);

    private static EventType EventOf(BulkState state) => state switch
    {
        BulkState.Running => EventType.OperationProgress,
        BulkState.Finished => EventType.OperationDone,
        _ => EventType.OperationStopped,
    };

    private static TaskCommand CommandOf(BulkOrder order) => order.Action switch
    {
        BulkAction.Retry => TaskCommand.Retry.Instance,
        BulkAction.Priority => new TaskCommand.Reprioritize(order.Priority!.Value),
        // A delete isn't a command: this one only says that the task must be read.
        _ => TaskCommand.Cancel.Instance,
    };
}
