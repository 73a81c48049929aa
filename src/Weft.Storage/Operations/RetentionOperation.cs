using Weft.Core;
using Weft.Core.Metrics;
using Weft.Storage.Engine;

namespace Weft.Storage.Operations;

/// <summary>
/// Deletes tasks that finished at least <paramref name="age"/> ago, and unneeded data with them. Returns the number of
/// tasks.
/// </summary>
internal sealed class RetentionOperation(TimeSpan age, int max) : StoreOperation<int>
{
    private readonly TaskSelection _old = new TaskSelection.Finished(age, age * Limits.RetentionTimesInGroup, max);

    public override StoreVerb Verb => StoreVerb.Retention;

    public override int Rows => max;

    public override void Plan(ReadPlan plan) => plan.Selections.Add(_old);

    public override void Decide(WriteTransaction transaction)
    {
        var found = transaction.Select(_old);
        // Another operation of this transaction may have retried one, or deleted it.
        Outcome = found.Count(task => task.FinishedAt <= transaction.Now - age && transaction.TryDelete(task));
        transaction.EndRetention(isLast: found.Count < max);
    }
}
