using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Sqlite.Verbs;

/// <summary>Cancels many tasks, a bite at a time, by indexes that lead to those alone.</summary>
internal static class CancelVerb
{
    public static CancelProgress Run(SqliteUnit unit, CancelSelection selection, int max) =>
        selection.Group is { } group ? CancelMembers(unit, group, selection.After, max) : CancelWaiting(unit, selection, max);

    /// <summary>No index tells a group's unfinished members: each bite begins where the one before ended, past finished ones too.</summary>
    private static CancelProgress CancelMembers(SqliteUnit unit, GroupId group, TaskId after, int max)
    {
        var members = Read(unit, unit.Prepared(SqliteSql.SelectGroupMembers).Bind(group.Value).Bind(after.Value).Bind(max));
        var cancelled = Cancel(unit, members.Where(static task => !task.State.IsFinal));
        return new(cancelled, members.Count < max ? null : CancelSelection.Of(group, members[^1].Id));
    }

    /// <summary>What is cancelled leaves these indexes: the next bite begins where they begin.</summary>
    private static CancelProgress CancelWaiting(SqliteUnit unit, CancelSelection selection, int max)
    {
        var cancelled = 0;
        foreach (var lane in unit.Lanes.Of(selection.Queue!))
        {
            foreach (var sql in (ReadOnlySpan<string>)[SqliteSql.SelectReady, SqliteSql.SelectScheduled])
            {
                if (cancelled < max) cancelled += Cancel(unit, Read(unit, unit.Prepared(sql).Bind(lane.Id).Bind(max - cancelled)));
            }
        }

        return new(cancelled, cancelled < max ? null : selection);
    }

    // All is read before anything is written: a cursor must not walk an index that is changing under it.
    private static List<TaskRecord> Read(SqliteUnit unit, SqliteStatement rows)
    {
        var tasks = new List<TaskRecord>();
        while (rows.Step()) tasks.Add(SqliteRows.ReadTask(rows, unit.Lanes));
        rows.Reset();
        return tasks;
    }

    private static int Cancel(SqliteUnit unit, IEnumerable<TaskRecord> tasks)
    {
        var cancelled = 0;
        foreach (var task in tasks)
        {
            unit.Apply(task, TaskCommand.Cancel.Instance);
            cancelled++;
        }

        return cancelled;
    }
}
