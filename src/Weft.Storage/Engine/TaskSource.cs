using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Engine;

/// <summary>The source of a page of tasks, in the order of their ids.</summary>
/// <param name="From">Tables, with the tasks as t.</param>
/// <param name="Where">Conditions that an index serves, each followed by AND; $1 is their value.</param>
/// <param name="Key">The column that the page is ordered by.</param>
internal sealed record TaskSource(string From, string Where, string Key)
{
    // Primary key.
    private static readonly TaskSource All = new("tasks t", "", "t.id");

    // tasks_without_result; SQLite uses it only if its condition is present, word for word.
    private static readonly TaskSource Dead = WithoutResultIn(StateSql.Dead);
    private static readonly TaskSource Cancelled = WithoutResultIn(StateSql.Cancelled);

    // task_owners_owner
    private static readonly TaskSource Owned =
        new("task_owners o JOIN tasks t ON t.id = o.task", "o.owner = $1 AND ", "o.task");

    private static TaskSource WithoutResultIn(string state) =>
        All with { Where = $"t.state = {state} AND t.state IN {StateSql.WithoutResult} AND " };

    /// <summary>Whether the conditions have a value, which is $1.</summary>
    public bool HasParameter => Where.Contains('$', StringComparison.Ordinal);

    /// <summary>The source that reads the fewest tasks, and the part of the filter that it doesn't cover.</summary>
    public static (TaskSource Source, long? Of, TaskFilter Left) Of(TaskFilter filter, TaskSource members) =>
        filter switch
    {
        { Owner: { } owner } => (Owned, owner.Value, filter with { Owner = null }),
        { Group: { } group } => (members, group.Value, filter with { Group = null }),
        { State: TaskState.Dead } => (Dead, null, filter with { State = null }),
        { State: TaskState.Cancelled } => (Cancelled, null, filter with { State = null }),
        _ => (All, null, filter),
    };

    /// <summary>
    /// Tasks with the texts of their errors, after $1 (or $2, after the conditions' value); the next parameter is the
    /// limit.
    /// </summary>
    public string Page(bool newestFirst) => $"""
        SELECT {TaskRow.Columns}, e.text
        FROM {From}
        LEFT JOIN errors e ON e.task = t.id
        {Bounds(newestFirst)}
        """;

    /// <summary>The conditions, the order and the limit of a page, whose parameters follow others.</summary>
    public string Bounds(bool newestFirst, int others = 0)
    {
        var (first, next) = (others + 1, others + (HasParameter ? 2 : 1));
        var where = Where.Replace("$1", $"${first}", StringComparison.Ordinal);
        return $"""
            WHERE {where}{Key} {(newestFirst ? "<" : ">")} ${next}
            ORDER BY {Key}{(newestFirst ? " DESC" : "")}
            LIMIT ${next + 1}
            """;
    }
}
