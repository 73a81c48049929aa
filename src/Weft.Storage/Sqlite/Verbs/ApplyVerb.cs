using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Sqlite.Verbs;

/// <summary>Applies commands to tasks that are known by id, and stores what comes with them: results and checkpoints.</summary>
internal static class ApplyVerb
{
    public static IReadOnlyList<Refusal> Run(SqliteUnit unit, IReadOnlyList<TaskChange> changes)
    {
        var refusals = new Refusal[changes.Count];
        for (var i = 0; i < refusals.Length; i++) refusals[i] = RunOne(unit, changes[i]);
        return refusals;
    }

    private static Refusal RunOne(SqliteUnit unit, TaskChange change)
    {
        if (unit.Tasks.Find(change.Id) is not { } task) return Refusal.NotFound;
        if (change.Queues is { } queues && !queues.Contains(task.Queue, StringComparer.Ordinal)) return Refusal.NotFound;
        var decision = unit.Apply(task, change.Command);
        if (decision.Refusal == Refusal.AlreadyCompleted) return Repeats(unit, change) ? Refusal.None : Refusal.AlreadyFinished;
        if (decision.Refusal != Refusal.None) return decision.Refusal;

        if (change.Command is TaskCommand.Complete complete)
        {
            unit.SaveResult(decision.Next!, complete.Result);
        }

        if (change.Command is TaskCommand.Heartbeat { Checkpoint: { } checkpoint })
        {
            unit.Prepared(SqliteSql.UpsertCheckpoint).Bind(change.Id.Value).Bind(checkpoint).Run();
        }

        return Refusal.None;
    }

    /// <summary>The very complete that was accepted, sent again by a worker that missed the answer.</summary>
    private static bool Repeats(SqliteUnit unit, TaskChange change)
    {
        var row = unit.Prepared(SqliteSql.SelectResult).Bind(change.Id.Value);
        var same = row.Step() && ((TaskCommand.Complete)change.Command).Result.Span.SequenceEqual(row.Blob(0));
        row.Reset();
        return same;
    }
}
