using Weft.Core.Matching;
using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Sqlite;

/// <summary>
/// What the verbs of one transaction work on: rows by id, transitions by the rules of the state machine, and the counts
/// that must change with them. Used by the writer's thread alone, for one transaction after the other.
/// </summary>
internal sealed class SqliteUnit(SqliteConnection connection, SqliteLanes lanes, SqliteRecentResults recent, SqliteStoreOptions options)
{
    private readonly TaskLife _life = new(options.Retry);
    private readonly SqliteSequences _sequences = new(connection);
    private readonly SqliteGroupCounts _groupCounts = new(connection);
    private readonly HashSet<SqliteLane> _touched = [];
    private readonly List<SqliteLane> _created = [];
    private readonly List<SqliteLane> _freed = [];
    private readonly List<StoredTask> _completed = [];
    private bool _hasErrors;

    /// <summary>The transaction's time, in whole milliseconds.</summary>
    public DateTimeOffset Now { get; private set; }

    public SqliteConnection Connection => connection;
    public SqliteLanes Lanes => lanes;
    public SqliteTasks Tasks { get; } = new(connection, lanes);
    public SqliteModules Modules { get; } = new(connection);
    public SqliteOwnerCounts Owners { get; } = new(connection);

    /// <summary>What one owner may have unfinished.</summary>
    public OwnerLoad OwnerMax => options.OwnerMax;

    /// <summary>Bytes of payloads that the open transaction's claims have handed out.</summary>
    public long HandedBytes { get; set; }

    public HashSet<string> PausedQueues { get; } = new(StringComparer.Ordinal);

    /// <summary>Tasks that this transaction has finished.</summary>
    public List<TaskId> Finished { get; } = [];

    public SqliteStatement Prepared(string sql) => connection.Prepared(sql);

    /// <summary>Reads what the engine keeps at hand; once, at start.</summary>
    public void Load()
    {
        lanes.Load(connection);
        _sequences.Load();
        LoadPausedQueues();
        Modules.Load();
        Modules.LoadAbandoned();
        _hasErrors = connection.ReadLong(SqliteSql.SelectHasErrors) != 0;
        Owners.Load();
    }

    public void Begin()
    {
        // The store keeps milliseconds: what was decided on must be what is read back.
        Now = DateTimeOffset.FromUnixTimeMilliseconds(options.Time.GetUtcNow().ToUnixTimeMilliseconds());
        connection.Prepared(SqliteSql.Begin).Run();
    }

    /// <summary>Commits with all counts; answers what became claimable.</summary>
    public IReadOnlyList<ReadyTasks> Commit()
    {
        _sequences.Save();
        _groupCounts.Save();
        Owners.Save();
        SaveCounts();
        connection.Prepared(SqliteSql.Commit).Run();

        foreach (var task in _completed) recent.Add(task);
        List<ReadyTasks>? ready = null;
        foreach (var lane in _touched)
        {
            if (lane.MadeReady > 0 && !PausedQueues.Contains(lane.Queue)) (ready ??= []).Add(new(lane.Queue, lane.Requires, lane.MadeReady));
            for (var state = 0; state < TaskStates.Count; state++) lane.Counts[state] += lane.Added[state];
        }

        Forget();
        return ready ?? [];
    }

    /// <summary>Undoes the transaction, here and in the database.</summary>
    public void Rollback()
    {
        foreach (var lane in _freed) lanes.Add(lane);
        foreach (var lane in _created) lanes.Remove(lane);
        Forget();
        Tasks.Forget();
        _groupCounts.Clear();
        Owners.Clear();
        connection.Rollback();
        _sequences.Load();
        LoadPausedQueues();
        Modules.Load();
    }

    public TaskId NextTaskId() => new(_sequences.Next(SqliteSequences.Tasks));

    public GroupId NextGroupId() => new(_sequences.Next(SqliteSequences.Groups));

    /// <summary>Decides the command by the state machine and stores what it comes to.</summary>
    public Decision Apply(TaskRecord task, TaskCommand command)
    {
        var decision = _life.Decide(task, command, Now);
        if (decision.Next is { } next) Save(task, next);
        return decision;
    }

    public void Insert(NewTask task, TaskId id)
    {
        var record = TaskLife.Create(task, id, options.LeaseTimeDefault, Now);
        var lane = LaneOf(task);
        Tasks.Insert(record, lane, task.Payload);
        if (task.Module is { } module) InsertModule(id, module, task.Run);
        Count(lane, record.State, +1);
        if (record.Group is { } group) _groupCounts.Add(group, record.State, +1);
    }

    /// <summary>Stores the one result of a task that has just been completed.</summary>
    public void SaveResult(TaskRecord completed, ReadOnlyMemory<byte> result)
    {
        Prepared(SqliteSql.InsertResult).Bind(completed.Id.Value).Bind(result).Run();
        if (result.Length > SqliteRecentResults.ResultBytesMax) return;
        // Copied: what was given may be a small part of a large body.
        _completed.Add(new(completed with { Error = ErrorOf(completed.Id) }) { Result = result.ToArray() });
    }

    /// <summary>Deletes a finished task and all that belongs to it.</summary>
    public void Delete(TaskId id, SqliteLane lane, TaskState state, GroupId? group)
    {
        foreach (var sql in (ReadOnlySpan<string>)[SqliteSql.DeleteTask, SqliteSql.DeletePayload, SqliteSql.DeleteResult, SqliteSql.DeleteCheckpoint, SqliteSql.DeleteError, SqliteSql.DeleteKey, SqliteSql.DeleteOwner])
        {
            Prepared(sql).Bind(id.Value).Run();
        }

        if (lane.Requires.RunsModule) Prepared(SqliteSql.DeleteTaskModule).Bind(id.Value).Run();
        recent.Remove(id);
        Count(lane, state, -1);
        if (group is { } known) _groupCounts.Add(known, state, -1);
    }

    /// <summary>Forgets a lane that has no task any more: a queue holds only so many, and their names are its users' choice.</summary>
    public void Free(SqliteLane lane)
    {
        Prepared(SqliteSql.DeleteLane).Bind(lane.Id).Run();
        Prepared(SqliteSql.DeleteCounts).Bind(lane.Id).Run();
        lane.Forget();
        _touched.Remove(lane);
        lanes.Remove(lane);
        _freed.Add(lane);
    }

    /// <summary>What waits in a queue counts as new to those who wait for it: it was just resumed.</summary>
    public void AnnounceReady(string queue)
    {
        foreach (var lane in lanes.Of(queue))
        {
            lane.MadeReady = (int)Math.Min(lane.Ready, int.MaxValue);
            _touched.Add(lane);
        }
    }

    private void InsertModule(TaskId id, ModuleHash hash, ReadOnlyMemory<byte>? run)
    {
        Modules.TryFind(hash, out var module, out _);
        Prepared(SqliteSql.InsertTaskModule).Bind(id.Value).Bind(module).Bind(run).Run();
    }

    private void Save(TaskRecord old, TaskRecord task)
    {
        var finishedNow = task.State.IsFinal && !old.State.IsFinal;
        long? groupFinish = finishedNow && task.Group is not null ? _sequences.Next(SqliteSequences.GroupFinishes) : null;
        Tasks.Update(old, task, groupFinish);
        if (task.Error is { } error && error != old.Error) SaveError(task.Id, error);
        if (finishedNow)
        {
            Finished.Add(task.Id);
            Owners.Finish(task.Id);
        }

        if (old.State.IsFinal && !task.State.IsFinal) Owners.Revive(task.Id);
        if (old.State == task.State) return;

        var lane = FindLane(task.Queue, task.Requires)!;
        Count(lane, old.State, -1);
        Count(lane, task.State, +1);
        if (task.Group is not { } group) return;
        _groupCounts.Add(group, old.State, -1);
        _groupCounts.Add(group, task.State, +1);
    }

    private void SaveError(TaskId id, string error)
    {
        Prepared(SqliteSql.UpsertError).Bind(id.Value).Bind(error).Run();
        _hasErrors = true;
    }

    /// <summary>Why the task failed before; most stores hold no failure at all, and aren't asked.</summary>
    private string? ErrorOf(TaskId id)
    {
        if (!_hasErrors) return null;
        var row = Prepared(SqliteSql.SelectError).Bind(id.Value);
        var error = row.Step() ? row.Text(0) : null;
        row.Reset();
        return error;
    }

    private SqliteLane? FindLane(string queue, Requirements requires)
    {
        foreach (var lane in lanes.Of(queue))
        {
            if (lane.Requires.Equals(requires)) return lane;
        }

        return null;
    }

    private SqliteLane LaneOf(NewTask task)
    {
        if (FindLane(task.Queue, task.Requires) is { } lane) return lane;
        var id = _sequences.Next(SqliteSequences.Lanes);
        Prepared(SqliteSql.InsertLane).Bind(id).Bind(task.Queue).Bind(task.Requires.Text).Run();
        var added = new SqliteLane(id, task.Queue, task.Requires);
        lanes.Add(added);
        _created.Add(added);
        return added;
    }

    private void Count(SqliteLane lane, TaskState state, int change)
    {
        _touched.Add(lane);
        lane.Added[(int)state] += change;
        if (state == TaskState.Ready && change > 0) lane.MadeReady++;
    }

    private void SaveCounts()
    {
        foreach (var lane in _touched)
        {
            for (var state = 0; state < TaskStates.Count; state++)
            {
                if (lane.Added[state] != 0) Prepared(SqliteSql.AddToCount).Bind(lane.Id).Bind(state).Bind(lane.Added[state]).Run();
            }
        }
    }

    private void Forget()
    {
        foreach (var lane in _touched) lane.Forget();
        HandedBytes = 0;
        _touched.Clear();
        _created.Clear();
        _freed.Clear();
        _completed.Clear();
        Finished.Clear();
    }

    private void LoadPausedQueues()
    {
        PausedQueues.Clear();
        var row = Prepared(SqliteSql.SelectPausedQueues);
        while (row.Step()) PausedQueues.Add(row.Text(0));
        row.Reset();
    }
}
