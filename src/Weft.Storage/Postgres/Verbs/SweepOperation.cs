using Weft.Core.Tasks;

namespace Weft.Storage.Postgres.Verbs;

/// <summary>Applies one command to many tasks: what the background services and the owners of queues ask for.</summary>
internal sealed class SweepOperation(Func<PostgresLanes, PostgresSelection> select, PostgresLanes lanes, TaskCommand command) : PostgresOperation<int>
{
    private PostgresSelection _selection = null!;

    public override void Ask(PostgresQuestions questions) => questions.Selections.Add(_selection = select(lanes));

    public override void Decide(PostgresUnit unit) =>
        Outcome = _selection.Found.Count(task => !task.IsDeleted && unit.Apply(task, command) == Refusal.None);
}

/// <summary>Deletes finished tasks that are old enough.</summary>
internal sealed class DeleteOperation(TimeSpan age, int max) : PostgresOperation<int>
{
    private PostgresSelection _selection = null!;

    public override void Ask(PostgresQuestions questions)
    {
        _selection = new(PostgresSql.LockFinishedBefore, command => command.With((long)age.TotalMilliseconds).With(max));
        questions.Selections.Add(_selection);
    }

    public override void Decide(PostgresUnit unit)
    {
        Outcome = 0;
        foreach (var task in _selection.Found)
        {
            // Somebody in this transaction may have retried it.
            if (task.IsDeleted || task.IsChanged) continue;
            unit.Delete(task);
            Outcome++;
        }
    }
}
