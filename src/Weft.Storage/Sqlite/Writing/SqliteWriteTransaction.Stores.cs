using System.Text;
using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Matching;
using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Verification;
using Weft.Storage.Engine;
using Weft.Storage.Operations;
using Weft.Storage.Statements;

namespace Weft.Storage.Sqlite;

/// <summary>
/// The operations' writes in the open transaction, made at once; counts are accumulated and written with the commit.
/// </summary>
internal sealed partial class SqliteWriteTransaction
{
    public override void SaveCheckpoint(TaskId id, ReadOnlyMemory<byte> checkpoint)
    {
        Owners.Keep(
            id, checkpoint.Length, () => Prepared(SqliteSql.SelectCheckpointBytes).Bind(id.Value).ReadLong());
        Prepared(SqliteSql.UpsertCheckpoint).Bind(id.Value).Bind(checkpoint).Run();
    }

    public override void Write(Action<IStatements> add)
    {
        add(_statements);
        _statements.Finish();
    }

    public override bool TryReserveTokens(int count)
    {
        Prepared(SqliteSql.DeleteExpiredTokens).Bind(Now.ToUnixTimeMilliseconds()).Bind(Limits.TokensMax - count).Run();
        return Prepared(StoreSql.CountTokens).ReadLong() + count <= Limits.TokensMax;
    }

    public override void BeginUpload(ModuleKind kind, string? name, TokenId? owner, Action<ModuleUploadId> begun)
    {
        foreach (var id in Modules.TakeAbandoned()) Write(statements => DropUploadOperation.Drop(statements, new(id)));
        if (owner is { } bringer
            && Prepared(SqliteSql.CountUploadsOfOwner).Bind(bringer.Value).ReadLong() >= Limits.ModuleUploadsOfOwnerMax)
        {
            return;
        }

        var now = Now.ToUnixTimeMilliseconds();
        var upload = new ModuleUploadId(
            Prepared(SqliteSql.InsertUpload).Bind((long)kind).Bind(name).Bind(now).ReadLong());
        if (owner is { } known) Prepared(SqliteSql.InsertModuleOwner)
            .Bind(upload.Value)
            .Bind(known.Value)
            .Bind(name).Run();
        begun(upload);
    }

    public override void ReloadWebhooks() => LoadWebhooks();

    public override void ReloadModule(ModuleHash hash) => Modules.Forget(hash);

    public override void ReloadQueueModule(string queue) => Modules.Reload(queue);

    public override bool TryReserveGroup(TokenId owner) =>
        !Prepared(SqliteSql.SelectOwnerHasGroups).Bind(owner.Value).Bind(OwnerBounds.Groups - 1).GivesRow();

    public override void InsertGroup(string? name, TokenId? owner, Action<GroupId> inserted)
    {
        var id = new GroupId(_sequences.Next(SqliteSequences.Groups));
        Prepared(SqliteSql.InsertGroup)
            .Bind(id.Value)
            .Bind(name)
            .Bind(Now.ToUnixTimeMilliseconds())
            .Bind(owner?.Value).Run();
        inserted(id);
    }

    public override void DeleteEmptyGroups(TimeSpan age, int max, Action deleted)
    {
        // Includes this transaction's own submits so far.
        SaveGroupCounts();
        Prepared(SqliteSql.DeleteEmptyGroups).Bind((Now - age).ToUnixTimeMilliseconds()).Bind(max)
            .Each(_ => deleted());
    }

    public override void AnnounceQueue(string queue)
    {
        foreach (var lane in lanes.Of(queue))
        {
            lane.MadeReady = (int)Math.Min(lane.Ready, int.MaxValue);
            _touched.Add(lane);
        }
    }

    public override void AnnounceReady(Lane lane, int tasks) => ((SqliteLane)lane).MadeReady += tasks;

    protected override TaskId NextTaskId() => new(_sequences.Next(SqliteSequences.Tasks));

    protected override SqliteLane LaneOf(TaskRecord task) => lanes.Find(task.Queue, task.Requires)!;

    protected override SqliteLane LaneFor(NewTask task, TokenId? owner) => LaneFor(task.Queue, task.Requires, owner);

    protected override TaskId NextCheckId() => NextTaskId();

    // It may have been freed: it holds no task while none of its queue's answers waits.
    protected override SqliteLane CheckLaneOf(TaskRecord parent) =>
        LaneFor(parent.Queue, parent.Requires.Check(), LaneOf(parent).Owner);

    protected override void StoreCheck(TaskRecord check, Lane lane, TaskRecord parent) =>
        Tasks.InsertRow(check, lane);

    private SqliteLane LaneFor(string queue, Requirements requires, TokenId? owner)
    {
        if (lanes.Find(queue, requires) is { } lane) return lane;
        var added = new SqliteLane(_sequences.Next(SqliteSequences.Lanes), queue, requires, owner);
        Prepared(SqliteSql.InsertLane)
            .Bind(added.Id)
            .Bind(queue)
            .Bind(requires.Text)
            .Bind(owner?.Value).Run();
        lanes.Add(added);
        _created.Add(added);
        return added;
    }

    protected override void Store(TaskRecord record, Lane lane, NewTask task, Submission submission)
    {
        Tasks.Insert(record, lane, task.Payload);
        if (lane.Requires.HasCall || lane.Requires.IsVerified)
        {
            Prepared(SqliteSql.InsertTaskModule)
                .Bind(record.Id.Value)
                .Bind(task.Module is { } hash ? Modules.IdOf(hash) : null)
                .Bind(task.Run)
                .Bind(task.Files?.Id)
                .Bind(task.Verify is { } policy ? VerificationPolicyText.Write(policy) : null).Run();
        }

        if (task.RunAt is not null && record.State == TaskState.Scheduled)
        {
            Prepared(SqliteSql.InsertAppointment).Bind(record.Id.Value).Run();
            _hasAppointments = true;
        }

        if (submission.Owner is { } owner) Owners.Own(
            owner, record.Id, task.Payload.Bytes.Length, task.Run?.Length ?? 0);
    }

    protected override void StoreKey(IdempotencyKey? key, TaskId[] ids)
    {
        if (key is not null) Prepared(SqliteSql.InsertKey)
            .Bind(key.Text)
            .Bind(key.Fingerprint)
            .Bind(ids[0].Value)
            .Bind(ids.Length).Run();
    }

    protected override void Store(TaskRecord old, TaskRecord next, bool finishes)
    {
        long? groupFinish = finishes && next.Group is not null ? _sequences.Next(SqliteSequences.GroupFinishes) : null;
        Tasks.Update(old, next, groupFinish);
    }

    protected override void StoreResult(TaskId id, ReadOnlyMemory<byte> result)
    {
        Prepared(SqliteSql.InsertResult).Bind(id.Value).Bind(result).Run();
        Owners.StoreResult(id, result.Length);
    }

    protected override TaskRecord WithError(TaskRecord completed)
    {
        var error = ErrorOf(completed.Id);
        return completed.Error == error ? completed : completed with { Error = error };
    }

    protected override void SaveError(TaskId id, string error)
    {
        Owners.Keep(id, BytesOf(error), () => Prepared(SqliteSql.SelectErrorBytes).Bind(id.Value).ReadLong());
        Prepared(SqliteSql.UpsertError).Bind(id.Value).Bind(error).Run();
        _hasErrors = true;
    }

    protected override void SaveAttempt(TaskId id, TaskAttempt ended)
    {
        Owners.Keep(id, BytesOf(ended.Error), () => AttemptBytesOf(id, ended.Attempt, ended.Attempt));
        Prepared(SqliteSql.UpsertAttempt)
            .Bind(id.Value)
            .Bind(ended.Attempt)
            .Bind(ended.WorkerId)
            .Bind(ended.ClaimedAt.ToUnixTimeMilliseconds())
            .Bind(StoreRows.Milliseconds(ended.EndedAt))
            .Bind((long?)ended.Outcome)
            .Bind(ended.Error).Run();
    }

    protected override void DropAttempts(TaskId id, int first, int last)
    {
        Owners.Keep(id, 0, () => AttemptBytesOf(id, first, last));
        Prepared(SqliteSql.DeleteAttempts).Bind(id.Value).Bind(first).Bind(last).Run();
    }

    protected override bool TryRemove(TaskRecord task, Lane lane)
    {
        var id = task.Id.Value;
        Owners.Forget(task.Id);
        foreach (var sql in SqliteSql.DeleteAllOfTask) Prepared(sql).Bind(id).Run();
        if (_hasAppointments) Prepared(SqliteSql.DeleteAppointment).Bind(id).Run();
        if (lane.Requires.HasCall) Prepared(SqliteSql.DeleteTaskModule).Bind(id).Run();
        return true;
    }

    protected override void Count(Lane lane, GroupId? group, TaskState state, int change)
    {
        var counted = (SqliteLane)lane;
        _touched.Add(counted);
        counted.Added[(int)state] += change;
        if (group is { } known) _groupCounts.Add(known.Value, state, change);
    }

    protected override void CountOwned(TaskId id, int change)
    {
        if (change < 0) Owners.Finish(id);
        else Owners.Revive(id);
    }

    private static int BytesOf(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);

    private long AttemptBytesOf(TaskId id, int first, int last) =>
        Prepared(SqliteSql.SelectAttemptBytes).Bind(id.Value).Bind(first).Bind(last).ReadLong();

    /// <summary>Why the task failed before; a store in which none ever failed isn't asked.</summary>
    private string? ErrorOf(TaskId id) => _hasErrors
        ? Prepared(SqliteSql.SelectError).Bind(id.Value).First(static row => row.Text(0))
        : null;
}
