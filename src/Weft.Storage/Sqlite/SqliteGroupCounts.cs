using Weft.Core.Tasks;
using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Sqlite;

/// <summary>What one transaction adds to the counts of groups, written once for each group.</summary>
internal sealed class SqliteGroupCounts(SqliteConnection connection)
{
    private readonly Dictionary<GroupId, long[]> _added = [];

    public void Add(GroupId group, TaskState state, int change)
    {
        if (!_added.TryGetValue(group, out var counts)) _added.Add(group, counts = new long[TaskStates.Count]);
        counts[(int)state] += change;
    }

    public void Save()
    {
        foreach (var (group, counts) in _added)
        {
            var statement = connection.Prepared(SqliteSql.AddToGroup);
            foreach (var count in counts) statement.Bind(count);
            statement.Bind(group.Value).Run();
        }

        Clear();
    }

    public void Clear() => _added.Clear();
}
