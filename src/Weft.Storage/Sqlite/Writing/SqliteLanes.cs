using System.Collections.Frozen;
using Weft.Core.Access;
using Weft.Core.Matching;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Engine;
using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Sqlite;

/// <summary>A lane with its counts, which only the writer uses.</summary>
internal sealed class SqliteLane(long id, string queue, Requirements requires, TokenId? owner)
    : Lane(id, queue, requires, owner)
{
    /// <summary>By state, as committed.</summary>
    public long[] Counts { get; } = new long[TaskStates.Count];

    /// <summary>The changes of the open transaction.</summary>
    public long[] Added { get; } = new long[TaskStates.Count];

    /// <summary>Tasks that the open transaction has made claimable.</summary>
    public int MadeReady { get; set; }

    /// <summary>Whether it is empty, including the changes of the open transaction.</summary>
    public bool IsEmpty
    {
        get
        {
            for (var state = 0; state < TaskStates.Count; state++)
            {
                if (Counts[state] + Added[state] != 0) return false;
            }

            return true;
        }
    }

    /// <summary>The open transaction's changes are committed.</summary>
    public void Keep()
    {
        for (var state = 0; state < TaskStates.Count; state++) Counts[state] += Added[state];
    }

    /// <summary>Discards the open transaction's changes.</summary>
    public void Forget()
    {
        Array.Clear(Added);
        MadeReady = 0;
    }

    public long Ready => Counts[(int)TaskState.Ready] + Added[(int)TaskState.Ready];
}

/// <summary>
/// The store's lanes. Readers look up by id; the writer adds. A handful of rows, so they are kept in memory: a claim on
/// empty queues then costs no query at all.
/// </summary>
internal sealed class SqliteLanes : LaneIndex<SqliteLane>, ILaneCounts
{
    // Lanes by owner and queue. Used only by the writer.
    private readonly Dictionary<TokenId, Dictionary<string, int>> _byOwner = [];

    public int Queues { get; private set; }

    /// <summary>Paused queues, as committed, for any thread.</summary>
    public FrozenSet<string> Paused { get; set; } = FrozenSet<string>.Empty;

    /// <summary>A lane by its id, for the writer, which uses only existing ones.</summary>
    public SqliteLane ById(long id) => Find(id) ?? throw new KeyNotFoundException($"There is no lane {id}.");

    /// <summary>
    /// A lane by its id, for a reader. The lane may have been freed since the reader's snapshot was taken: it is then
    /// read from that snapshot.
    /// </summary>
    public SqliteLane ById(long id, SqliteConnection snapshot) => Find(id) ?? Read(id, snapshot);

    public int QueuesOf(TokenId owner) => _byOwner.TryGetValue(owner, out var queues) ? queues.Count : 0;

    public int LanesIn(string queue) => Of(queue).Length;

    public int LanesOf(TokenId owner, string queue) =>
        _byOwner.TryGetValue(owner, out var queues) ? queues.GetValueOrDefault(queue) : 0;

    public void Add(SqliteLane lane)
    {
        if (Of(lane.Queue).Length == 0) Queues++;
        if (TryPut(lane)) Count(lane, +1);
    }

    /// <summary>Removes an empty lane, or one that a transaction had added but did not commit.</summary>
    public void Remove(SqliteLane lane)
    {
        if (TryTake(lane)) Count(lane, -1);
        if (Of(lane.Queue).Length == 0) Queues--;
    }

    /// <summary>The contents of each queue, for any thread: a simultaneous commit may be partly visible.</summary>
    public IReadOnlyList<QueueCounts> CountQueues()
    {
        var paused = Paused;
        var shown = All.Where(static lane => !lane.Requires.IsCheck);
        var counted = shown.GroupBy(static lane => lane.Queue, StringComparer.Ordinal).ToDictionary(
            static queue => queue.Key,
            static queue => queue.Aggregate(
                default(StateCounts), static (sum, lane) => sum + new StateCounts(lane.Counts)),
            StringComparer.Ordinal);
        foreach (var queue in paused) counted.TryAdd(queue, default);
        return [.. counted.Select(queue => new QueueCounts(queue.Key, paused.Contains(queue.Key), queue.Value))];
    }

    /// <summary>The same for ready tasks, by requirements.</summary>
    public IReadOnlyList<ReadyTasks> ListReady() =>
    [
        .. from lane in All
           let ready = Volatile.Read(ref lane.Counts[(int)TaskState.Ready])
           where ready > 0
           select new ReadyTasks(lane.Queue, lane.Requires, (int)Math.Min(ready, int.MaxValue)),
    ];

    /// <summary>The same by lane.</summary>
    public IReadOnlyList<(long Lane, string Queue, long Ready)> ListReadyLanes() =>
    [
        .. from lane in All
           let ready = Volatile.Read(ref lane.Counts[(int)TaskState.Ready])
           where ready > 0
           select (lane.Id, lane.Queue, ready),
    ];

    /// <summary>Reads the database's lanes, once, at the start.</summary>
    public void Load(SqliteConnection connection)
    {
        connection.Prepared(SqliteSql.SelectLanes).Each(row =>
            Add(new(row.Long(0), row.Text(1), Requirements.Parse(row.Text(2)), StoreRows.ReadOwner(row, 3))));
        connection.Prepared(SqliteSql.SelectCounts).Each(row =>
            ById(row.Long(0)).Counts[row.Int(1)] = row.Long(2));
    }

    private void Count(SqliteLane lane, int change)
    {
        if (lane.Owner is not { } owner || !new NewLane(lane.Queue, lane.Requires, owner).CountsForOwner) return;
        if (!_byOwner.TryGetValue(owner, out var queues)) _byOwner.Add(owner, queues = new(StringComparer.Ordinal));
        var count = queues.GetValueOrDefault(lane.Queue) + change;
        if (count > 0) queues[lane.Queue] = count;
        else queues.Remove(lane.Queue);
        if (queues.Count == 0) _byOwner.Remove(owner);
    }

    private static SqliteLane Read(long id, SqliteConnection snapshot) =>
        snapshot.Prepared(SqliteSql.SelectLane).Bind(id)
            .First(row => new SqliteLane(id, row.Text(0), Requirements.Parse(row.Text(1)), null))
        ?? throw new InvalidOperationException($"Tasks are in lane {id}, which doesn't exist.");
}
