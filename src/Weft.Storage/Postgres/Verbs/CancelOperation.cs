using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Postgres.Verbs;

/// <summary>Cancels many tasks, a bite at a time, by indexes that lead to those alone.</summary>
internal sealed class CancelOperation(CancelSelection selection, PostgresLanes lanes, int max) : PostgresOperation<CancelProgress>
{
    private PostgresSelection _selection = null!;

    public override int Rows => max;

    public override void Ask(PostgresQuestions questions)
    {
        _selection = selection.Group is { } group
            ? new(PostgresSql.LockGroupMembers, command => command.With(group.Value).With(selection.After.Value).With(max))
            : new(PostgresSql.LockWaitingInQueue, command => command.With([.. lanes.Of(selection.Queue!).Select(static lane => lane.Id)]).With(max));
        questions.Selections.Add(_selection);
    }

    public override void Decide(PostgresUnit unit)
    {
        var found = _selection.Found;
        var cancelled = found.Count(task => !task.IsDeleted && unit.Apply(task, TaskCommand.Cancel.Instance) == Refusal.None);
        // No index tells a group's unfinished members: the next bite begins where this one ends. Waiting tasks leave their index.
        var rest = selection.Group is { } group && found.Count > 0 ? CancelSelection.Of(group, found[^1].Record.Id) : selection;
        Outcome = new(cancelled, found.Count < max ? null : rest);
    }
}
