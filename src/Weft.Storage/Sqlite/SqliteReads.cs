using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Sqlite;

/// <summary>The reads of the engine, each on a reading connection in a snapshot of its own.</summary>
internal sealed class SqliteReads(SqliteLanes lanes)
{
    public StoredTask? Find(SqliteConnection connection, (TaskId Id, TaskParts Parts) asked)
    {
        var row = connection.Prepared(SqliteSql.SelectTaskWithError).Bind(asked.Id.Value);
        var task = row.Step() ? SqliteRows.ReadTaskWithError(row, lanes, connection) : null;
        row.Reset();
        if (task is null) return null;
        return new(task)
        {
            Payload = asked.Parts.HasFlag(TaskParts.Payload) ? ReadPayload(connection, asked.Id) : null,
            Result = asked.Parts.HasFlag(TaskParts.Result) && task.State == TaskState.Completed ? ReadBlob(connection, SqliteSql.SelectResult, asked.Id) : null,
            Owner = asked.Parts.HasFlag(TaskParts.Owner) ? ReadOwner(connection, asked.Id) : null,
            Checkpoint = asked.Parts.HasFlag(TaskParts.Checkpoint) ? ReadBlob(connection, SqliteSql.SelectCheckpoint, asked.Id) : null,
            Module = asked.Parts.HasFlag(TaskParts.Module) && task.Requires.RunsModule ? SqliteModules.ReadCall(connection, asked.Id) : null,
        };
    }

    public TaskPage List(SqliteConnection connection, (TaskFilter Filter, TaskId? After, int Limit) asked)
    {
        var (filter, after, limit) = asked;
        var sql = (filter.Owner, filter.Group, filter.NewestFirst) switch
        {
            (null, null, false) => SqliteSql.SelectPageOldestFirst,
            (null, null, true) => SqliteSql.SelectPageNewestFirst,
            (null, _, false) => SqliteSql.SelectGroupPage,
            (null, _, true) => SqliteSql.SelectGroupPageNewestFirst,
            (_, _, false) => SqliteSql.SelectOwnPageOldestFirst,
            (_, _, true) => SqliteSql.SelectOwnPageNewestFirst,
        };
        var row = connection.Prepared(sql);
        if ((filter.Owner?.Value ?? filter.Group?.Value) is { } of) row.Bind(of);
        row.Bind(after?.Value ?? (filter.NewestFirst ? long.MaxValue : 0)).Bind(Limits.ListScanMax);

        var tasks = new List<TaskRecord>();
        TaskId? last = null;
        var scanned = 0;
        while (tasks.Count < limit && row.Step())
        {
            scanned++;
            last = new(row.Long(0));
            if (filter.State is { } state && (long)state != row.Long(2)) continue;
            if (filter.Group is { } group && group.Value != row.LongOrNull(SqliteRows.GroupColumn)) continue;
            if (filter.Queue is { } queue && lanes.ById(row.Long(1), connection).Queue != queue) continue;
            tasks.Add(SqliteRows.ReadTaskWithError(row, lanes, connection));
        }

        row.Reset();
        return new(tasks, tasks.Count == limit || scanned == Limits.ListScanMax ? last : null);
    }

    public static IReadOnlyList<LeasedTask> ListLeased(SqliteConnection connection, int max)
    {
        var leased = new List<LeasedTask>();
        var row = connection.Prepared(SqliteSql.SelectLeased).Bind(max);
        while (row.Step())
        {
            if ((TaskState)row.Long(1) == TaskState.Leased) leased.Add(new(new(row.Long(0)), row.Text(2)));
        }

        row.Reset();
        return leased;
    }

    public static IReadOnlyList<QueueCounts> Count(SqliteConnection connection, object? _)
    {
        var counts = new SortedDictionary<string, long[]>(StringComparer.Ordinal);
        var row = connection.Prepared(SqliteSql.SelectQueueCounts);
        while (row.Step()) CountsOf(row.Text(0))[row.Int(1)] = row.Long(2);
        row.Reset();
        var paused = new HashSet<string>(StringComparer.Ordinal);
        row = connection.Prepared(SqliteSql.SelectPausedQueues);
        while (row.Step()) paused.Add(row.Text(0));
        row.Reset();
        foreach (var queue in paused) CountsOf(queue);
        return [.. counts.Select(pair => new QueueCounts(pair.Key, paused.Contains(pair.Key), StateCounts.From(pair.Value)))];

        long[] CountsOf(string queue) => counts.TryGetValue(queue, out var known) ? known : counts[queue] = new long[TaskStates.Count];
    }

    public static StoredGroup? FindGroup(SqliteConnection connection, GroupId id)
    {
        var row = connection.Prepared(SqliteSql.SelectGroup).Bind(id.Value);
        var group = row.Step()
            ? new StoredGroup(id, row.TextOrNull(0), SqliteRows.Time(row.Long(1)), new(row.Long(2), row.Long(3), row.Long(4), row.Long(5), row.Long(6), row.Long(7)), row.LongOrNull(8) is { } owner ? new TokenId(owner) : null)
            : null;
        row.Reset();
        return group;
    }

    public static GroupResultsPage ListResults(SqliteConnection connection, (GroupId Id, ResultOrder Order, long After, int Limit) asked)
    {
        var row = connection.Prepared(asked.Order == ResultOrder.Submitted ? SqliteSql.SelectResultsAsSubmitted : SqliteSql.SelectResultsAsFinished)
            .Bind(asked.Id.Value).Bind(asked.After).Bind(asked.Limit);
        var results = new List<GroupResult>();
        var unfinished = false;
        long bytes = 0;
        while (!unfinished && bytes <= Limits.ResultsPageBytesMax && row.Step())
        {
            var state = (TaskState)row.Int(1);
            if (!state.IsFinal)
            {
                unfinished = true;
                continue;
            }

            var result = row.BlobOrNull(4);
            results.Add(new(row.Long(5), new(row.Long(0)), state, SqliteRows.Time(row.Long(2)), row.TextOrNull(3), result));
            bytes += result?.Length ?? 0;
        }

        row.Reset();
        var isFull = results.Count == asked.Limit || bytes > Limits.ResultsPageBytesMax;
        var allDelivered = !unfinished && !isFull && FindGroup(connection, asked.Id) is { Counts.Unfinished: 0 };
        return new(results, allDelivered, isFull);
    }

    private static TokenId? ReadOwner(SqliteConnection connection, TaskId id)
    {
        var row = connection.Prepared(SqliteSql.SelectOwner).Bind(id.Value);
        TokenId? owner = row.Step() ? new(row.Long(0)) : null;
        row.Reset();
        return owner;
    }

    public static Payload? ReadPayload(SqliteConnection connection, TaskId id)
    {
        var row = connection.Prepared(SqliteSql.SelectPayload).Bind(id.Value);
        Payload? payload = row.Step() ? new(row.Blob(1), row.Long(0) != 0) : null;
        row.Reset();
        return payload;
    }

    private static ReadOnlyMemory<byte>? ReadBlob(SqliteConnection connection, string sql, TaskId id)
    {
        var row = connection.Prepared(sql).Bind(id.Value);
        var blob = row.Step() ? row.BlobOrNull(0) : null;
        row.Reset();
        return blob;
    }
}
