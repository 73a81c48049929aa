using System.Collections.Concurrent;
using Weft.Core.Matching;
using Weft.Core.Tasks;
using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Sqlite;

/// <summary>The tasks of one queue that ask the same of their worker. The counts are the writer's alone.</summary>
internal sealed class SqliteLane(long id, string queue, Requirements requires)
{
    public long Id => id;
    public string Queue => queue;
    public Requirements Requires => requires;

    /// <summary>By state, as committed.</summary>
    public long[] Counts { get; } = new long[TaskStates.Count];

    /// <summary>What the open transaction has added so far.</summary>
    public long[] Added { get; } = new long[TaskStates.Count];

    /// <summary>Tasks that the open transaction has made claimable.</summary>
    public int MadeReady { get; set; }

    /// <summary>Whether no task is left in it, with what the open transaction has done.</summary>
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

    /// <summary>Forgets what the open transaction has done.</summary>
    public void Forget()
    {
        Array.Clear(Added);
        MadeReady = 0;
    }

    public long Ready => Counts[(int)TaskState.Ready] + Added[(int)TaskState.Ready];
}

/// <summary>
/// The lanes of the store. Readers look up by id; the writer adds. A handful of rows, so they are kept in memory:
/// a claim on queues that hold nothing then costs no query at all.
/// </summary>
internal sealed class SqliteLanes
{
    private readonly ConcurrentDictionary<long, SqliteLane> _byId = new();
    private readonly ConcurrentDictionary<string, SqliteLane[]> _byQueue = new(StringComparer.Ordinal);

    public IEnumerable<SqliteLane> All => _byId.Values;

    /// <summary>How many queues have a lane.</summary>
    public int QueueCount { get; private set; }

    /// <summary>A lane by its id, for the writer: those that it works with are all here.</summary>
    public SqliteLane ById(long id) => _byId[id];

    /// <summary>
    /// A lane by its id, for a reader. The lane may have been freed since the reader's snapshot was taken:
    /// then what that snapshot knows of it is read.
    /// </summary>
    public SqliteLane ById(long id, SqliteConnection snapshot) => _byId.TryGetValue(id, out var lane) ? lane : Read(id, snapshot);

    /// <summary>The lanes of a queue; none when nothing was ever submitted to it.</summary>
    public SqliteLane[] Of(string queue) => _byQueue.TryGetValue(queue, out var lanes) ? lanes : [];

    public void Add(SqliteLane lane)
    {
        _byId[lane.Id] = lane;
        if (Of(lane.Queue).Length == 0) QueueCount++;
        _byQueue.AddOrUpdate(lane.Queue, static (_, added) => [added], static (_, lanes, added) => [.. lanes, added], lane);
    }

    /// <summary>Takes out a lane that has no task any more, or that a transaction had added and then did not commit.</summary>
    public void Remove(SqliteLane lane)
    {
        _byId.TryRemove(lane.Id, out _);
        _byQueue[lane.Queue] = [.. Of(lane.Queue).Where(other => other != lane)];
        if (Of(lane.Queue).Length > 0) return;
        _byQueue.TryRemove(lane.Queue, out _);
        QueueCount--;
    }

    /// <summary>Reads what the database holds, once, at start.</summary>
    public void Load(SqliteConnection connection)
    {
        var lanes = connection.Prepared(SqliteSql.SelectLanes);
        while (lanes.Step()) Add(new(lanes.Long(0), lanes.Text(1), Requirements.Parse(lanes.Text(2))));
        lanes.Reset();
        var counts = connection.Prepared(SqliteSql.SelectCounts);
        while (counts.Step()) ById(counts.Long(0)).Counts[counts.Int(1)] = counts.Long(2);
        counts.Reset();
    }

    private static SqliteLane Read(long id, SqliteConnection snapshot)
    {
        var row = snapshot.Prepared(SqliteSql.SelectLane).Bind(id);
        try
        {
            return row.Step() ? new(id, row.Text(0), Requirements.Parse(row.Text(1))) : throw new InvalidOperationException($"Tasks are in lane {id}, which is nowhere.");
        }
        finally
        {
            row.Reset();
        }
    }
}
