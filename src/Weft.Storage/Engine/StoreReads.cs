using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Matching;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Statements;

namespace Weft.Storage.Engine;

/// <summary>The reads that are the same for every engine; a task by its id is each engine's own.</summary>
internal sealed class StoreReads(IStoreReader reader)
{
    private readonly SharedRead<IReadOnlyList<QueueCounts>> _counts = new(() => CountAsync(reader));

    public Task<TaskPage> ListAsync(TaskFilter filter, TaskId? after, int limit) =>
        reader.RunAsync<TaskPage>(statements =>
    {
        var page = new TaskPageBuilder(filter, limit);
        var query = statements.QueryUntil(PageSql(filter), row =>
        {
            page.Add(row, reader.LaneOf(row.Int(TaskRow.Lane), statements), TaskRow.ColumnCount);
            return page.IsFull;
        });
        if ((filter.Owner?.Value ?? filter.Group?.Value) is { } of) query.With(of);
        // Where every row counts, no more are needed than fit the page.
        var everyRowCounts = filter is { State: null, Queue: null } && (filter.Owner is null || filter.Group is null);
        query.With(after?.Value ?? (filter.NewestFirst ? long.MaxValue : 0))
            .With(everyRowCounts ? Math.Min(limit, Limits.ListScanMax) : Limits.ListScanMax);
        return () => page.Page;
    });

    public Task<IReadOnlyList<LeasedTask>> ListLeasedAsync(int max) => ListAsync(
        StoreSql.SelectLeased, static row => new LeasedTask(new(row.Long(0)), row.Text(1)), query => query.With(max));

    public Task<IReadOnlyList<QueueCounts>> CountAsync() => _counts.ReadAsync();

    private static Task<IReadOnlyList<QueueCounts>> CountAsync(IStoreReader reader) =>
        reader.RunAsync<IReadOnlyList<QueueCounts>>(statements =>
    {
        var counts = new SortedDictionary<string, StateCounts>(StringComparer.Ordinal);
        var paused = new HashSet<string>(StringComparer.Ordinal);
        statements.Query(reader.Sql.SelectQueueCounts, row => counts[row.Text(0)] = StoreRows.ReadCounts(row, 1));
        statements.Query(StoreSql.SelectPausedQueues, row => paused.Add(row.Text(0)));
        return () =>
        {
            foreach (var queue in paused) counts.TryAdd(queue, default);
            return [.. counts.Select(pair => new QueueCounts(pair.Key, paused.Contains(pair.Key), pair.Value))];
        };
    });

    public Task<IReadOnlyList<ReadyTasks>> ListReadyAsync() => ListAsync(reader.Sql.SelectReadyCounts, static row =>
        new ReadyTasks(row.Text(0), Requirements.Parse(row.Text(1)), (int)Math.Min(row.Long(2), int.MaxValue)));

    public Task<StoredGroup?> FindGroupAsync(GroupId id) =>
        FindAsync<StoredGroup>((statements, found) => QueryGroup(statements, id, found));

    public Task<GroupPage> ListGroupsAsync(TokenId? owner, GroupId? before, int limit) =>
        reader.RunAsync<GroupPage>(statements =>
    {
        var groups = new List<StoredGroup>();
        var sql = owner is null ? reader.Sql.SelectGroupsNewestFirst : reader.Sql.SelectOwnGroupsNewestFirst;
        var query = statements.Query(sql, row => groups.Add(StoreRows.ReadGroup(row)));
        if (owner is { } known) query.With(known.Value);
        query.With(before?.Value ?? long.MaxValue).With(limit + 1);
        return () => GroupPage.Of(groups, limit);
    });

    public Task<GroupResultsPage> ListResultsAsync(GroupId id, ResultOrder order, long after, int limit) =>
        reader.RunAsync<GroupResultsPage>(statements =>
        {
            var page = new GroupResultsBuilder(limit);
            StoredGroup? group = null;
            // The counts first: what finishes between the two statements is then at worst delivered with a page that
            // isn't called the last.
            QueryGroup(statements, id, found => group = found);
            var sql = order == ResultOrder.Submitted
                ? reader.Sql.SelectResultsAsSubmitted
                : StoreSql.SelectResultsAsFinished;
            statements.QueryUntil(sql, row =>
            {
                page.Add(row);
                return page.IsEnded;
            }).With(id.Value).With(after).With(limit);
            return () => page.ToPage(allDelivered: page.MayBeAll && group is { Counts.Unfinished: 0 });
        });

    /// <summary>All rows of a statement.</summary>
    public Task<IReadOnlyList<T>> ListAsync<T>(string sql, Func<IRow, T> read, Action<IParameters>? bind = null) =>
        reader.RunAsync<IReadOnlyList<T>>(statements =>
        {
            var rows = new List<T>();
            var query = statements.Query(sql, row => rows.Add(read(row)));
            bind?.Invoke(query);
            return () => rows;
        });

    /// <summary>What a statement finds; the default where it finds nothing.</summary>
    public Task<T?> FindAsync<T>(Action<IStatements, Action<T>> ask) => reader.RunAsync<T?>(statements =>
    {
        T? answer = default;
        ask(statements, found => answer = found);
        return () => answer;
    });

    private void QueryGroup(IStatements statements, GroupId id, Action<StoredGroup> found) =>
        statements.Query(reader.Sql.SelectGroup, row => found(StoreRows.ReadGroup(row))).With(id.Value);

    private string PageSql(TaskFilter filter) => (filter.Owner, filter.Group, filter.NewestFirst) switch
    {
        (null, null, false) => StoreSql.SelectPageOldestFirst,
        (null, null, true) => StoreSql.SelectPageNewestFirst,
        (null, _, false) => reader.Sql.SelectGroupPage,
        (null, _, true) => reader.Sql.SelectGroupPageNewestFirst,
        (_, _, false) => StoreSql.SelectOwnPageOldestFirst,
        (_, _, true) => StoreSql.SelectOwnPageNewestFirst,
    };
}
