using Weft.Core.Tasks;

namespace Weft.Storage.Sqlite.Verbs;

/// <summary>Moves on what is due: lapsed leases, scheduled times, expiries.</summary>
internal static class SweepVerb
{
    /// <summary>Ticks the tasks that are due; answers how many.</summary>
    public static int Run(SqliteUnit unit, int max)
    {
        // Read first, then write: a cursor must not walk an index that is changing under it.
        var due = new List<TaskRecord>();
        var row = unit.Prepared(SqliteSql.SelectDue).Bind(unit.Now.ToUnixTimeMilliseconds()).Bind(max);
        while (row.Step()) due.Add(SqliteRows.ReadTask(row, unit.Lanes));
        row.Reset();
        foreach (var task in due) unit.Apply(task, TaskCommand.Tick.Instance);
        return due.Count;
    }
}
