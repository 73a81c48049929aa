using Weft.Core.Metrics;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Engine;

namespace Weft.Storage.Operations;

/// <summary>Cancels tasks in bounded batches, reading only matching index entries.</summary>
internal sealed class CancelOperation(CancelSelection selection, int max) : StoreOperation<CancelProgress>
{
    private readonly TaskSelection _tasks = selection.Group is { } group
        ? new TaskSelection.Members(group, selection.After, max)
        : new TaskSelection.Waiting(selection.Queue!, max);

    public override StoreVerb Verb => StoreVerb.Cancel;

    public override int Rows => max;

    public override void Plan(ReadPlan plan) => plan.Selections.Add(_tasks);

    public override void Decide(WriteTransaction transaction)
    {
        var found = transaction.Select(_tasks);
        var cancelled = found.Count(task =>
            transaction.Apply(task, TaskCommand.Cancel.Instance).Refusal == Refusal.None);
        // The next batch of a group begins where this one ends, also past finished members. Waiting tasks leave their
        // index.
        var rest = selection.Group is { } group && found.Count > 0
            ? CancelSelection.Of(group, found[^1].Id)
            : selection;
        Outcome = new(cancelled, found.Count < max ? null : rest);
    }
}
