using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Engine;
using Weft.Storage.Statements;

namespace Weft.Storage.Tests.Engine;

/// <summary>What the console and the lists of the API ask, over millions of tasks.</summary>
internal static class LookedAt
{
    /// <summary>Tables with a row for each task, or more.</summary>
    public const string LargeTables = "tasks|payloads|results|errors|attempts|task_owners|checkpoints|task_modules";

    public static IEnumerable<string> Of(EngineSql sql) =>
    [
        .. Pages(sql), sql.SelectResultsAsSubmitted, sql.SelectGroup, sql.SelectGroupsNewestFirst,
        sql.SelectOwnGroupsNewestFirst, StoreSql.SelectTaskWithOwner, StoreSql.SelectAttempts, StoreSql.CountAhead,
        StoreSql.SelectOldestReady, StoreSql.SelectFinishesOfLane, StoreSql.SelectLeased,
        StoreSql.SelectResultsAsFinished, StoreSql.SelectBytesOfTask,
    ];

    public static IEnumerable<string> Pages(EngineSql sql)
    {
        TaskFilter[] filters =
            [new(), new(Owner: new(1)), new(Group: new(1)), new(TaskState.Dead), new(TaskState.Cancelled)];
        foreach (var source in filters.Select(filter => TaskSource.Of(filter, sql.Members).Source))
        {
            foreach (var newestFirst in (bool[])[false, true])
            {
                yield return source.Page(newestFirst);
                yield return sql.SearchPage(source, newestFirst);
            }
        }
    }
}
