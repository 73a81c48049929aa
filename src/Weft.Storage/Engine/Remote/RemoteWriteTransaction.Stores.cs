using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Engine;

/// <summary>The operations' writes: they are collected here, and sent with the commit.</summary>
internal sealed partial class RemoteWriteTransaction
{
    private readonly Dictionary<Lane, int> _ready = [];
    private readonly Dictionary<TaskClaim, List<LockedTask>> _claimed = [];
    // Checks that this transaction creates. It may also cancel them, and they are stored in their final state.
    private readonly Dictionary<long, LockedTask> _newChecks = [];
    private readonly Dictionary<string, StoredKey> _keysTaken = new(StringComparer.Ordinal);

    public override void SaveCheckpoint(TaskId id, ReadOnlyMemory<byte> checkpoint) =>
        NewCheckpoints[id.Value] = checkpoint;

    public override void Write(Action<IStatements> add) => Stores.Add(add);

    public override void AnnounceQueue(string queue) => Stores.Add(trip =>
        trip.Query(sql.SelectReadyInQueue, row =>
        {
            if (lanes.Find(row.Int(0)) is not { } lane) return;
            AnnounceReady(lane, (int)Math.Min(row.Long(1), int.MaxValue));
        }).With(queue));

    public override void EndRetention(bool isLast)
    {
        if (isLast) Stores.Add(trip => trip.Run(sql.DeleteIdleOwners));
    }

    public override void BeginUpload(ModuleKind kind, string? name, TokenId? owner, Action<ModuleUploadId> begun) =>
        Stores.Add(trip =>
        {
            trip.Run(sql.DeleteAbandoned).With((long)Limits.ModuleUploadIdleMax.TotalMilliseconds);
            trip.Query(sql.InsertUpload, row => begun(new(row.Long(0))))
                .With((long)kind).With(name).With(owner?.Value).With(Limits.ModuleUploadsOfOwnerMax);
        });

    public override void InsertGroup(string? name, TokenId? owner, Action<GroupId> inserted) => Stores.Add(trip =>
        trip.Query(sql.InsertGroup, row => inserted(new(row.Long(0))))
            .With(name)
            .With(Now.ToUnixTimeMilliseconds())
            .With(owner?.Value));

    public override void DeleteEmptyGroups(TimeSpan age, int max, Action deleted)
    {
        if (EmptyGroups.Count > 0) Stores.Add(trip =>
        {
            trip.Query(sql.DeleteEmptyGroups, _ => deleted());
            trip.With([.. EmptyGroups]);
        });
    }

    public override void Probe() => NeedsReplicationBarrier = true;

    public override void AnnounceReady(Lane lane, int tasks) => _ready[lane] = _ready.GetValueOrDefault(lane) + tasks;

    /// <summary>The database assigns it.</summary>
    protected override TaskId NextTaskId() => default;

    protected override Lane LaneFor(NewTask task, TokenId? owner) => lanes.Find(task.Queue, task.Requires)!;

    protected override Lane LaneOf(TaskRecord task) => RowOf(task.Id).Lane;

    protected override TaskId NextCheckId() => new(CheckIds.Dequeue());

    // It was created with that of the task, and lanes are never deleted.
    protected override Lane CheckLaneOf(TaskRecord parent) => lanes.Find(parent.Queue, parent.Requires.Check())
        ?? throw new StaleCacheException();

    protected override void StoreCheck(TaskRecord check, Lane lane, TaskRecord parent)
    {
        var row = new LockedTask(check, lane, Rows[parent.Id.Value].PayloadBytes);
        _newChecks.Add(check.Id.Value, row);
        Stores.Add(trip => trip.Run(sql.InsertCheckRow)
            .With(check.Id.Value)
            .With((int)lane.Id)
            .With((int)row.Record.State)
            .With(check.Priority)
            .With(check.MaxAttempts)
            .With((int)check.LeaseTime.TotalMilliseconds)
            .With(check.SubmittedAt.ToUnixTimeMilliseconds())
            .With(StoreRows.Milliseconds(row.Record.FinishedAt))
            .With(check.Type)
            .With(row.PayloadBytes));
    }

    protected override void Store(TaskRecord record, Lane lane, NewTask task, Submission submission)
    {
        Inserts.Add(record, lane, task.Payload, submission, Modules.RunOf(task));
        if (submission.Owner is { } owner) Owners.Add(
            owner, OwnerLoad.OfNew(task.Payload.Bytes.Length, task.Run?.Length ?? 0));
    }

    protected override void StoreKey(IdempotencyKey? key, TaskId[] ids)
    {
        Inserts.End(key, ids);
        if (key is not null) _keysTaken.Add(key.Text, new(key.Fingerprint, ids));
    }

    protected override void Store(TaskRecord old, TaskRecord next, bool finishes) =>
        RowOf(next.Id).Record = next;

    protected override void StoreResult(TaskId id, ReadOnlyMemory<byte> result)
    {
        NewResults[id.Value] = result;
        Owners.StoreResult(id, result.Length);
    }

    // An earlier failure left a text, which is not at hand here. Within the shortest lease after the first claim there
    // was none.
    protected override TaskRecord? WithError(TaskRecord completed)
    {
        var mayHaveFailed = completed.Attempt > 1 || completed.Failures > 0
            || (completed.Lease is { } lease && !(completed.FinishedAt - lease.ClaimedAt < Limits.LeaseTimeMin));
        return mayHaveFailed ? null : completed;
    }

    protected override void SaveError(TaskId id, string error) => NewErrors[id.Value] = error;

    protected override void SaveAttempt(TaskId id, TaskAttempt ended) => Attempts.End(id, ended);

    protected override void DropAttempts(TaskId id, int first, int last) => Attempts.Drop(id, first, last);

    protected override bool TryRemove(TaskRecord task, Lane lane)
    {
        var row = Rows[task.Id.Value];
        if (row.IsDeleted) return false;
        row.IsDeleted = true;
        Owners.Forget(task.Id);
        return true;
    }

    protected override void Count(Lane lane, GroupId? group, TaskState state, int change)
    {
        LaneCounts.Add(lane.Id, state, change);
        if (group is { } known) GroupCounts.Add(known.Value, state, change);
    }

    protected override void CountOwned(TaskId id, int change) => Owners.Move(id, change);

    protected override void KeepAnnounced(TaskId id) => RowOf(id).IsAnnounced = true;

    /// <summary>The transaction is committed: its data may be cached.</summary>
    public void Keep(LeaseCache leases, RecentResultCache recent)
    {
        foreach (var task in Rows.Values) leases.Add(task);
        Keep(recent);
    }

    protected override bool TakeAnnounced(TaskId id)
    {
        var row = RowOf(id);
        var wasAnnounced = row.IsAnnounced;
        row.IsAnnounced = false;
        return wasAnnounced;
    }

    private LockedTask RowOf(TaskId id) => Rows.GetValueOrDefault(id.Value) ?? _newChecks[id.Value];
}
