using Weft.Core.Metrics;
using Weft.Core.Tasks;
using Weft.Storage.Engine;

namespace Weft.Storage.Operations;

/// <summary>Processes what is due: expired leases, scheduled times, expiries. Returns how many.</summary>
internal sealed class SweepOperation(int max) : StoreOperation<int>
{
    private readonly TaskSelection _due = new TaskSelection.Due(max);

    public override StoreVerb Verb => StoreVerb.Sweep;

    public override int Rows => max;

    public override void Plan(ReadPlan plan) => plan.Selections.Add(_due);

    public override void Decide(WriteTransaction transaction)
    {
        Outcome = transaction.Select(_due)
            .Count(task => transaction.Apply(task, TaskCommand.Tick.Instance).Refusal == Refusal.None);
        transaction.EndSweep();
    }
}
