using Weft.Core.Metrics;
using Weft.Core.Storage;
using Weft.Storage.Engine;

namespace Weft.Storage.Operations;

/// <summary>Applies commands to tasks.</summary>
internal sealed class ApplyOperation(IReadOnlyList<TaskChange> changes) : StoreOperation<IReadOnlyList<ChangeOutcome>>
{
    private ChangeOutcome[] _outcomes = [];
    private OutputLook? _outputs;

    public override StoreVerb Verb => StoreVerb.Settle;

    public override int Rows => changes.Count;

    public override bool IsShort => changes.Count <= 1;

    public override void Plan(ReadPlan plan) => TaskChanges.Plan(plan, changes);

    public override void Look(IStatements statements) => _outputs = TaskChanges.Look(statements, changes);

    public override void Decide(WriteTransaction transaction) =>
        _outcomes = TaskChanges.Decide(transaction, changes, _outputs);

    public override void Finish(WriteTransaction transaction) =>
        Outcome = TaskChanges.Finish(transaction, changes, _outcomes);
}

/// <summary>Applies commands to tasks, then claims.</summary>
internal sealed class SettleOperation(IReadOnlyList<TaskChange> changes, ClaimRequest next)
    : StoreOperation<SettleOutcome>
{
    private ChangeOutcome[] _outcomes = [];
    private OutputLook? _outputs;
    private TaskClaim? _claim;

    public override StoreVerb Verb => StoreVerb.Settle;

    public override int Rows => changes.Count + next.Max;

    public override bool IsShort => changes.Count <= 1 && ClaimOperation.IsShortToWrite(Outcome.Claimed);

    public override void Plan(ReadPlan plan)
    {
        TaskChanges.Plan(plan, changes);
        plan.Claims.Add(_claim = new(next));
    }

    public override void Look(IStatements statements) => _outputs = TaskChanges.Look(statements, changes);

    public override void Decide(WriteTransaction transaction)
    {
        _outcomes = TaskChanges.Decide(transaction, changes, _outputs);
        _claim = transaction.Claim(next, _claim);
    }

    public override void Finish(WriteTransaction transaction) =>
        Outcome = new(TaskChanges.Finish(transaction, changes, _outcomes), transaction.Complete(_claim!));
}
