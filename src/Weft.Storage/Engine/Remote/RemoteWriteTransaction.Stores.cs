using Weft.Core.Access;
using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Engine;

/// <summary>What operations store: it is kept here, and goes out with the commit.</summary>
internal abstract partial class RemoteWriteTransaction
{
    private readonly Dictionary<Lane, int> _ready = [];
    private readonly Dictionary<TaskClaim, List<LockedTask>> _claimed = [];
    private readonly Dictionary<string, StoredKey> _keysTaken = new(StringComparer.Ordinal);

    public override void SaveResult(TaskRecord completed, ReadOnlyMemory<byte> result, FileSet? outputs)
    {
        NewResults[completed.Id.Value] = result;
        if (outputs is not null) NewOutputs.Add(completed.Id.Value);
        Owners.StoreResult(completed.Id, result.Length);
    }

    public override void SaveCheckpoint(TaskId id, ReadOnlyMemory<byte> checkpoint) =>
        NewCheckpoints[id.Value] = checkpoint;

    public override void Probe() => NeedsReplicationBarrier = true;

    public override void AnnounceReady(Lane lane, int tasks) => _ready[lane] = _ready.GetValueOrDefault(lane) + tasks;

    /// <summary>The database gives it.</summary>
    protected override TaskId NextTaskId() => default;

    protected override Lane LaneFor(NewTask task, TokenId? owner) => lanes.Find(task.Queue, task.Requires)!;

    protected override Lane LaneOf(TaskRecord task) => Rows[task.Id.Value].Lane;

    protected override TaskId NextCheckId() => new(CheckIds.Dequeue());

    // It was made with that of the task, and no lane goes away.
    protected override Lane CheckLaneOf(TaskRecord parent) => lanes.Find(parent.Queue, parent.Requires.Check())
        ?? throw new StaleCacheException();

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

    protected override void Store(TaskRecord old, TaskRecord next, bool finishes) => Rows[next.Id.Value].Record = next;

    protected override void SaveError(TaskId id, string error) => NewErrors[id.Value] = error;

    protected override void SaveAttempt(TaskId id, TaskAttempt ended) => Attempts.End(id, ended);

    protected override void DropAttempts(TaskId id, int first, int last) => Attempts.Drop(id, first, last);

    protected override bool TryRemove(TaskRecord task, Lane lane)
    {
        var row = Rows[task.Id.Value];
        if (row.IsDeleted) return false;
        row.IsDeleted = true;
        Deleted.Add(task.Id.Value);
        Owners.Forget(task.Id);
        return true;
    }

    protected override void Count(Lane lane, GroupId? group, TaskState state, int change)
    {
        LaneCounts.Add(lane.Id, state, change);
        if (group is { } known) GroupCounts.Add(known.Value, state, change);
    }

    protected override void CountOwned(TaskId id, int change) => Owners.Move(id, change);

    protected override void KeepAnnounced(TaskId id) => Rows[id.Value].IsAnnounced = true;

    protected override bool TakeAnnounced(TaskId id)
    {
        var row = Rows[id.Value];
        var wasAnnounced = row.IsAnnounced;
        row.IsAnnounced = false;
        return wasAnnounced;
    }
}
