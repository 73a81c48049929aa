using Weft.Core.Access;
using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Postgres;

/// <summary>
/// One transaction as its operations see it: the rows that are locked, the rules of the state machine, and what is to be stored.
/// Nothing here talks to the database: <see cref="PostgresTransaction"/> reads into it and writes out of it.
/// </summary>
internal sealed class PostgresUnit(PostgresLanes lanes, PostgresStoreOptions options)
{
    private readonly TaskLife _life = new(options.Retry);
    private readonly Dictionary<PostgresLane, int> _ready = [];

    public PostgresLanes Lanes => lanes;

    /// <summary>The newest lane that was known before any operation said what it must see: what the listener adds later was not asked for.</summary>
    public int LastLane { get; } = lanes.Last;

    /// <summary>The database's time, in whole milliseconds.</summary>
    public DateTimeOffset Now { get; set; }

    // What was found.
    public Dictionary<long, PostgresTask> Tasks { get; } = [];
    public Dictionary<string, (byte[] Fingerprint, long[] Tasks)> Keys { get; } = new(StringComparer.Ordinal);
    public HashSet<long> Groups { get; } = [];
    public HashSet<string> PausedQueues { get; } = new(StringComparer.Ordinal);
    public PostgresModules Modules { get; } = new();

    /// <summary>What one owner may have unfinished.</summary>
    public OwnerLoad OwnerMax => options.OwnerMax;

    /// <summary>How many more tokens there may be.</summary>
    public long TokenRoom { get; set; }

    // What was decided.
    public PostgresInserts Inserts { get; } = new();
    public PostgresCounts LaneCounts { get; } = new(PostgresSql.AddToCounts);
    public PostgresCounts GroupCounts { get; } = new(PostgresSql.AddToGroupCounts);
    public PostgresOwnerCounts Owners { get; } = new();
    public Dictionary<long, ReadOnlyMemory<byte>> NewResults { get; } = [];
    public Dictionary<long, ReadOnlyMemory<byte>> NewCheckpoints { get; } = [];
    public Dictionary<long, string> NewErrors { get; } = [];
    public List<long> Deleted { get; } = [];

    /// <summary>Whatever else is stored, by statements of its own that go out before the commit.</summary>
    public List<Action<PostgresTrip>> Stores { get; } = [];

    /// <summary>Keys that this transaction uses for the first time, each with who brought it.</summary>
    public Dictionary<string, Verbs.SubmitOperation> KeysTaken { get; } = new(StringComparer.Ordinal);

    /// <summary>Set when new tasks need a lane that there isn't yet.</summary>
    public bool LacksLanes { get; set; }

    /// <summary>Tasks that are handed to workers, so that their payloads must be read.</summary>
    public List<PostgresTask> Handed { get; } = [];

    /// <summary>Bytes of payloads that this transaction's claims hand out.</summary>
    public long HandedBytes { get; private set; }

    /// <summary>Tasks whose stored result must be looked at.</summary>
    public HashSet<long> ResultsAsked { get; } = [];

    // What was read while storing.
    public Dictionary<long, Payload> Payloads { get; } = [];
    public Dictionary<long, ReadOnlyMemory<byte>> Checkpoints { get; } = [];
    public Dictionary<long, byte[]> Results { get; } = [];
    public Dictionary<long, ModuleCall> Calls { get; } = [];

    /// <summary>
    /// An answer rests on what others have committed. A commit whose wait for the standby was cancelled, or that a crashed server recovered,
    /// can be seen before it is replicated: this transaction must then vouch for it by waiting itself, though it changes nothing.
    /// </summary>
    public bool MustVouch { get; set; }

    /// <summary>Tasks that finished, once for each time.</summary>
    public List<TaskId> Finished { get; } = [];

    public PostgresTask? Find(TaskId id) => Tasks.TryGetValue(id.Value, out var task) && !task.IsDeleted ? task : null;

    /// <summary>Decides the command by the state machine and keeps what it comes to.</summary>
    public Refusal Apply(PostgresTask task, TaskCommand command)
    {
        var decision = _life.Decide(task.Record, command, Now);
        if (decision.Next is { } next) Keep(task, next);
        return decision.Refusal;
    }

    public void Insert(NewTask task, PostgresLane lane, bool keyed, TokenId? owner)
    {
        var record = TaskLife.Create(task, default, options.LeaseTimeDefault, Now);
        Inserts.Add(record, lane, task.Payload, keyed, owner, Modules.RunOf(task.Module, task.Run));
        Count(lane, record.Group, record.State, +1);
        if (owner is { } known) Owners.Add(known, new(1, task.Payload.Bytes.Length));
        if (record.State == TaskState.Ready) AnnounceReady(lane, 1);
    }

    /// <summary>Deletes a finished task and all that belongs to it.</summary>
    public void Delete(PostgresTask task)
    {
        Deleted.Add(task.Record.Id.Value);
        task.IsDeleted = true;
        Count(task.Lane, task.Record.Group, task.Record.State, -1);
    }

    /// <summary>A worker gets the task: its payload is read before the commit.</summary>
    public void Hand(PostgresTask task)
    {
        Handed.Add(task);
        HandedBytes += task.PayloadBytes;
        if (task.MadeReady) AnnounceReady(task.Lane, -1);
        task.MadeReady = false;
    }

    /// <summary>Those who wait for this lane are to be told, once it is committed.</summary>
    public void AnnounceReady(PostgresLane lane, int tasks) => _ready[lane] = _ready.GetValueOrDefault(lane) + tasks;

    /// <summary>What became claimable, by lane.</summary>
    public IReadOnlyList<(PostgresLane Lane, int Count)> Ready() =>
        [.. _ready.Where(pair => pair.Value > 0 && !PausedQueues.Contains(pair.Key.Queue)).Select(static pair => (pair.Key, pair.Value))];

    private void Keep(PostgresTask task, TaskRecord next)
    {
        var last = task.Record;
        task.Record = next;
        if (next.Error is { } error && error != last.Error) NewErrors[next.Id.Value] = error;
        if (next.State.IsFinal && !last.State.IsFinal)
        {
            Finished.Add(next.Id);
            Owners.Move(next.Id, -1);
        }

        // That is never refused: it was stored before, and its owner's room is for what is new.
        if (last.State.IsFinal && !next.State.IsFinal) Owners.Move(next.Id, +1);
        if (next.State == last.State) return;
        Count(task.Lane, next.Group, last.State, -1);
        Count(task.Lane, next.Group, next.State, +1);
        if (next.State == TaskState.Ready)
        {
            AnnounceReady(task.Lane, 1);
            task.MadeReady = true;
        }
        else if (task.MadeReady && next.State != TaskState.Leased)
        {
            AnnounceReady(task.Lane, -1);
            task.MadeReady = false;
        }
    }

    private void Count(PostgresLane lane, GroupId? group, TaskState state, int change)
    {
        LaneCounts.Add(lane.Id, state, change);
        if (group is { } known) GroupCounts.Add(known.Value, state, change);
    }
}
