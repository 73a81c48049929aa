using Npgsql;
using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Postgres;

/// <summary>The reads of the engine, each one statement and a snapshot of its own.</summary>
internal sealed class PostgresReads(PostgresLanes lanes)
{
    public async Task<StoredTask?> FindAsync(NpgsqlConnection connection, (TaskId Id, TaskParts Parts) asked)
    {
        StoredTask? found = null;
        await using var trip = new PostgresTrip(connection);
        trip.Ask(PostgresSql.SelectTasks, row => found = ReadStored(row))
            .With([asked.Id.Value]).With([asked.Parts.HasFlag(TaskParts.Payload)]).With([asked.Parts.HasFlag(TaskParts.Result)]).With([asked.Parts.HasFlag(TaskParts.Checkpoint)])
            .With([asked.Parts.HasFlag(TaskParts.Owner)]);
        ModuleCall? call = null;
        if (asked.Parts.HasFlag(TaskParts.Module)) trip.Ask(PostgresSql.SelectTaskModules, row => call = PostgresModuleStore.ReadCall(row)).With([asked.Id.Value]);
        await trip.GoAsync();
        return call is null || found is null ? found : found with { Module = call };
    }

    public async Task<TaskPage> ListAsync(NpgsqlConnection connection, (TaskFilter Filter, TaskId? After, int Limit) asked)
    {
        var (filter, after, limit) = asked;
        var tasks = new List<TaskRecord>();
        TaskId? last = null;
        var scanned = 0;
        await using var trip = new PostgresTrip(connection);
        var command = trip.Ask(PageSql(filter), row =>
        {
            if (tasks.Count == limit) return;
            scanned++;
            last = new(row.GetInt64(0));
            if (filter.State is { } state && (short)state != row.GetInt16(2)) return;
            if (filter.Group is { } group && (row.IsDBNull(PostgresRows.GroupColumn) || group.Value != row.GetInt64(PostgresRows.GroupColumn))) return;
            var lane = LaneOf(row);
            if (filter.Queue is null || filter.Queue == lane.Queue) tasks.Add(ReadWithError(row, lane));
        });
        // Where every row counts, no more are needed than fit the page.
        var scanMax = filter is { State: null, Queue: null } && (filter.Owner is null || filter.Group is null) ? Math.Min(limit, Limits.ListScanMax) : Limits.ListScanMax;
        command.With(after?.Value ?? (filter.NewestFirst ? long.MaxValue : 0)).With(scanMax);
        if ((filter.Owner?.Value ?? filter.Group?.Value) is { } of) command.With(of);
        await trip.GoAsync();
        return new(tasks, tasks.Count == limit || scanned == Limits.ListScanMax ? last : null);
    }

    public static async Task<IReadOnlyList<LeasedTask>> ListLeasedAsync(NpgsqlConnection connection, int max)
    {
        var leased = new List<LeasedTask>();
        await using var trip = new PostgresTrip(connection);
        trip.Ask(PostgresSql.SelectLeased, row =>
        {
            if ((TaskState)row.GetInt16(1) == TaskState.Leased) leased.Add(new(new(row.GetInt64(0)), row.GetString(2)));
        }).With(max);
        await trip.GoAsync();
        return leased;
    }

    public static async Task<IReadOnlyList<QueueCounts>> CountAsync(NpgsqlConnection connection, object? _)
    {
        var counts = new SortedDictionary<string, StateCounts>(StringComparer.Ordinal);
        var paused = new HashSet<string>(StringComparer.Ordinal);
        await using var trip = new PostgresTrip(connection);
        trip.Ask(PostgresSql.SelectQueueCounts, row => counts[row.GetString(0)] = ReadCounts(row, 1));
        trip.Ask(PostgresSql.SelectPausedQueues, row => paused.Add(row.GetString(0)));
        await trip.GoAsync();
        foreach (var queue in paused) counts.TryAdd(queue, default);
        return [.. counts.Select(pair => new QueueCounts(pair.Key, paused.Contains(pair.Key), pair.Value))];
    }

    public static async Task<StoredGroup?> FindGroupAsync(NpgsqlConnection connection, GroupId id)
    {
        StoredGroup? group = null;
        await using var trip = new PostgresTrip(connection);
        AskGroup(trip, id, found => group = found);
        await trip.GoAsync();
        return group;
    }

    public static async Task<GroupResultsPage> ListResultsAsync(NpgsqlConnection connection, (GroupId Id, ResultOrder Order, long After, int Limit) asked)
    {
        var results = new List<GroupResult>();
        var unfinished = false;
        long bytes = 0;
        StoredGroup? group = null;
        await using var trip = new PostgresTrip(connection);
        // The counts first: what finishes between the two snapshots is then at worst delivered with a page that isn't called the last.
        AskGroup(trip, asked.Id, found => group = found);
        trip.Ask(asked.Order == ResultOrder.Submitted ? PostgresSql.SelectResultsAsSubmitted : PostgresSql.SelectResultsAsFinished, row =>
        {
            if (unfinished || bytes > Limits.ResultsPageBytesMax) return;
            var state = (TaskState)row.GetInt16(1);
            unfinished = !state.IsFinal;
            if (unfinished) return;
            var result = PostgresRows.BytesOrNull(row, 4);
            results.Add(new(row.GetInt64(5), new(row.GetInt64(0)), state, PostgresRows.Time(row.GetInt64(2)), PostgresRows.TextOrNull(row, 3), result));
            bytes += result?.Length ?? 0;
        }).With(asked.Id.Value).With(asked.After).With(asked.Limit);
        await trip.GoAsync();
        var isFull = results.Count == asked.Limit || bytes > Limits.ResultsPageBytesMax;
        return new(results, !unfinished && !isFull && group is { Counts.Unfinished: 0 }, isFull);
    }

    private StoredTask ReadStored(NpgsqlDataReader row)
    {
        const int Next = PostgresRows.TaskColumnCount + 1;
        return new(ReadWithError(row, LaneOf(row)))
        {
            Payload = row.IsDBNull(Next) ? null : new Payload(PostgresRows.Bytes(row, Next + 1), row.GetBoolean(Next)),
            Result = PostgresRows.BytesOrNull(row, Next + 2),
            Checkpoint = PostgresRows.BytesOrNull(row, Next + 3),
            Owner = row.IsDBNull(Next + 4) ? null : new TokenId(row.GetInt64(Next + 4)),
        };
    }

    private PostgresLane LaneOf(NpgsqlDataReader row) => lanes.Find(PostgresRows.Lane(row)) ?? throw new PostgresOutdated();

    private static TaskRecord ReadWithError(NpgsqlDataReader row, PostgresLane lane) =>
        PostgresRows.ReadRecord(row, lane, PostgresRows.TextOrNull(row, PostgresRows.TaskColumnCount));

    private static string PageSql(TaskFilter filter) => (filter.Owner, filter.Group, filter.NewestFirst) switch
    {
        (null, null, false) => PostgresSql.SelectPageOldestFirst,
        (null, null, true) => PostgresSql.SelectPageNewestFirst,
        (null, _, false) => PostgresSql.SelectGroupPage,
        (null, _, true) => PostgresSql.SelectGroupPageNewestFirst,
        (_, _, false) => PostgresSql.SelectOwnPageOldestFirst,
        (_, _, true) => PostgresSql.SelectOwnPageNewestFirst,
    };

    private static void AskGroup(PostgresTrip trip, GroupId id, Action<StoredGroup> found) =>
        trip.Ask(PostgresSql.SelectGroup, row => found(new(id, PostgresRows.TextOrNull(row, 0), PostgresRows.Time(row.GetInt64(1)), ReadCounts(row, 2),
            row.IsDBNull(8) ? null : new TokenId(row.GetInt64(8))))).With(id.Value);

    private static StateCounts ReadCounts(NpgsqlDataReader row, int first) => new(
        row.GetInt64(first), row.GetInt64(first + 1), row.GetInt64(first + 2), row.GetInt64(first + 3), row.GetInt64(first + 4), row.GetInt64(first + 5));
}
