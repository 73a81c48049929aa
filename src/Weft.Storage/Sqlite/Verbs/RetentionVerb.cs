using Weft.Core.Tasks;
using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Sqlite.Verbs;

/// <summary>Deletes what finished long ago, and with it what nobody needs any more: keys, lanes, space on the disk.</summary>
internal static class RetentionVerb
{
    // 64 MB: about what a busy hour leaves and needs again.
    private const int FreePagesKept = 16_384;

    // 4 MB a step: a caller beside it must not notice.
    private const int FreePagesPerStep = 1_024;

    /// <summary>Deletes the tasks that finished at <paramref name="age"/> ago or earlier; answers how many.</summary>
    public static int Run(SqliteUnit unit, TimeSpan age, int max)
    {
        var old = new List<(TaskId Id, SqliteLane Lane, TaskState State, GroupId? Group)>();
        var row = unit.Prepared(SqliteSql.SelectFinishedBefore).Bind((unit.Now - age).ToUnixTimeMilliseconds()).Bind(max);
        while (row.Step()) old.Add((new(row.Long(0)), unit.Lanes.ById(row.Long(1)), (TaskState)row.Long(2), row.LongOrNull(3) is { } group ? new GroupId(group) : null));
        row.Reset();
        foreach (var (id, lane, state, group) in old) unit.Delete(id, lane, state, group);
        foreach (var lane in old.Select(static task => task.Lane).Distinct())
        {
            if (lane.IsEmpty) unit.Free(lane);
        }

        GiveSpaceBack(unit.Connection);
        return old.Count;
    }

    /// <summary>Free pages are used again by themselves; what is far more than that goes back to the disk, a little at a time.</summary>
    private static void GiveSpaceBack(SqliteConnection connection)
    {
        if (connection.ReadLong("PRAGMA freelist_count") > FreePagesKept) connection.Execute($"PRAGMA incremental_vacuum({FreePagesPerStep})");
    }
}
