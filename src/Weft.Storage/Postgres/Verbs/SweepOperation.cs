using Weft.Core.Tasks;

namespace Weft.Storage.Postgres.Verbs;

/// <summary>Moves on what is due: lapsed leases, scheduled times, expiries.</summary>
internal sealed class SweepOperation(int max) : PostgresOperation<int>
{
    private PostgresSelection _due = null!;

    public override int Rows => max;

    public override void Ask(PostgresQuestions questions) =>
        questions.Selections.Add(_due = new(PostgresSql.LockDue, command => command.With(max)));

    public override void Decide(PostgresUnit unit) =>
        Outcome = _due.Found.Count(task => !task.IsDeleted && unit.Apply(task, TaskCommand.Tick.Instance) == Refusal.None);
}
