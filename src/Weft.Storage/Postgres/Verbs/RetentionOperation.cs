namespace Weft.Storage.Postgres.Verbs;

/// <summary>Deletes what finished long ago.</summary>
internal sealed class RetentionOperation(TimeSpan age, int max) : PostgresOperation<int>
{
    private PostgresSelection _old = null!;

    public override int Rows => max;

    public override void Ask(PostgresQuestions questions) =>
        questions.Selections.Add(_old = new(PostgresSql.LockFinishedBefore, command => command.With((long)age.TotalMilliseconds).With(max)));

    public override void Decide(PostgresUnit unit)
    {
        Outcome = 0;
        foreach (var task in _old.Found)
        {
            // Somebody in this transaction may have retried it.
            if (task.IsDeleted || task.IsChanged) continue;
            unit.Delete(task);
            Outcome++;
        }
    }
}
