using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Metrics;
using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Tracing;
using Weft.Core.Verification;
using Weft.Core.Workers;
using Weft.Storage.Operations;
using Weft.Storage.Statements;

namespace Weft.Storage.Engine;

/// <summary>An idempotency key that was used before.</summary>
/// <param name="Fingerprint">Of what was submitted under it.</param>
/// <param name="Tasks">What was stored then; filled by the commit where this transaction is storing them.</param>
internal readonly record struct StoredKey(ReadOnlyMemory<byte> Fingerprint, IReadOnlyList<TaskId> Tasks);

/// <summary>
/// One transaction as its operations see it: what is stored, the rules of the state machine, and the effects that a
/// transition has beside its own row. An engine says how each is read and stored, at once or with all others before the
/// commit.
/// </summary>
internal abstract class WriteTransaction(StoreOptions options)
{
    private readonly TaskLife _life = new(options.Retry);

    /// <summary>The transaction's time, in whole milliseconds.</summary>
    public abstract DateTimeOffset Now { get; }

    /// <summary>What one owner may have in tasks.</summary>
    public OwnerLoad OwnerMax => options.OwnerMax;

    /// <summary>What one owner may have besides.</summary>
    public OwnerBounds OwnerBounds => options.OwnerBounds;

    public HashSet<string> PausedQueues { get; } = new(StringComparer.Ordinal);

    /// <summary>Tasks that this transaction has finished, once for each time.</summary>
    public List<TaskId> Finished { get; } = [];

    /// <summary>Bytes of payloads that this transaction's claims hand out.</summary>
    public long ClaimedBytes { get; protected set; }

    /// <summary>Whether its claims may hold more payloads in memory.</summary>
    public bool MayClaimMore => ClaimedBytes <= Limits.ClaimBytesMax;

    /// <summary>What is counted once the transaction is committed.</summary>
    public PendingTally Tally { get; } = new(options.Meter.Tasks, options.Events);

    /// <summary>The attempts that end, for those who record the traces of their tasks.</summary>
    public PendingSpans Spans { get; } = new();

    /// <summary>What webhooks are to be told, in the same transaction.</summary>
    public PendingWebhooks Webhooks { get; } = new();

    /// <summary>Which workers have which files.</summary>
    public Locality Locality => options.Locality;

    /// <summary>When answers of verified tasks are believed.</summary>
    public VerificationRules Rules => options.Verification;

    /// <summary>Whether an answer is checked: tossed once it has come.</summary>
    public double TossCoin() => options.Coin();

    /// <summary>Who has answered verified tasks lately.</summary>
    public SeenWorkers Seen => options.Seen;

    public abstract IKnownModules Modules { get; }

    /// <summary>The statements that the engines write differently.</summary>
    public abstract EngineSql Sql { get; }

    /// <summary>The task as it is by now; null when there is none.</summary>
    public abstract TaskRecord? Find(TaskId id);

    /// <summary>
    /// A verified task, or a check, with the answers so far; null when it is none. What operations planned is there,
    /// and what they selected, and the tasks that these belong to.
    /// </summary>
    public abstract VerifiedCopy? FindCopy(TaskId id);

    /// <summary>The check of a task that is not done; null: there is none. The task was planned, or selected.</summary>
    public abstract TaskId? FindOpenCheck(TaskId id);

    /// <summary>Read as a whole: no cursor walks an index that is changing under it.</summary>
    public abstract IReadOnlyList<TaskRecord> Select(TaskSelection selection);

    public abstract StoredKey? FindKey(string text);

    /// <summary>Whether a group takes no more tasks; null when there is no such group.</summary>
    public abstract bool? IsSealed(GroupId id);

    /// <summary>What the owner has by now.</summary>
    public abstract OwnerLoad LoadOf(TokenId owner);

    /// <summary>Sees to it that these tasks have lanes; null, or why they may not have them.</summary>
    public abstract SubmitStatus? PrepareLanes(SubmitOperation submit, IReadOnlyList<NewTask> tasks);

    /// <summary>Whether the owner of a dead task may have it unfinished again; its share is taken then.</summary>
    public abstract bool TryReserveRevival(TaskRecord task, TokenId owner);

    /// <summary>The operation will ask for the task's stored result once the transaction is through.</summary>
    public abstract void PlanResult(TaskId id);

    /// <summary>Whether these bytes are the task's stored result.</summary>
    public abstract bool IsStoredResult(TaskId id, ReadOnlyMemory<byte> result);

    /// <summary>Stores new tasks, and the key that they came with.</summary>
    /// <returns>Their ids, in order; an engine whose database gives them fills them in by the commit.</returns>
    public TaskId[] Insert(Submission submission, IReadOnlyList<NewTask> tasks)
    {
        var ids = new TaskId[tasks.Count];
        Tally.BeginSubmitted(ids, Now);
        for (var i = 0; i < ids.Length; i++)
        {
            var record = TaskLife.Create(tasks[i], NextTaskId(), options.LeaseTimeDefault, Now);
            var lane = LaneFor(tasks[i], submission.Owner);
            Store(record, lane, tasks[i], submission);
            ids[i] = record.Id;
            Count(lane, record.Group, record.State, +1);
            Tally.AddSubmitted(record);
            if (record.State == TaskState.Ready) AnnounceReady(lane, 1);
        }

        StoreKey(ids.Length > 0 ? submission.Key : null, ids);
        return ids;
    }

    /// <summary>Decides the command by the state machine and stores what it comes to.</summary>
    public Decision Apply(TaskRecord task, TaskCommand command)
    {
        var decision = _life.Decide(task, command, Now);
        if (decision.Next is not { } next) return decision;
        Save(task, next);
        if (AttemptHistory.Ended(task, next, command, Now) is { } ended) KeepAttempt(next.Id, ended);
        else if (AttemptHistory.GoesOn(task, command)) DropAttempts(next.Id, next.Attempt, next.Attempt);
        // Nobody has submitted a check: none is counted or told of.
        if (!task.Requires.IsCheck) Tally.Add(task, command, next, Now);
        if (task.Trace is not null) Spans.Add(task, command, next, Now);
        return decision;
    }

    /// <summary>Stores a check of a task, which can be claimed at once.</summary>
    public TaskId InsertCheck(TaskRecord parent, NewCheck asked)
    {
        var check = TaskLife.CreateCheck(parent, NextCheckId(), Now);
        var lane = CheckLaneOf(parent);
        StoreCheck(check, lane, parent);
        Write(statements => asked.Store(statements, check.Id, parent));
        Count(lane, null, check.State, +1);
        AnnounceReady(lane, 1);
        return check.Id;
    }

    /// <summary>Notes who has claimed a verified task, or a check.</summary>
    public void SaveHolder(TaskId id, WorkerIdentity holder) => Write(statements =>
        statements.Run(StoreSql.UpsertHolder)
            .With(id.Value)
            .With(holder.Id.Value)
            .With(unchecked((long)holder.Network.Value))
            .With(holder.IsTrusted ? 1 : 0));

    /// <summary>Stores the one result of a task that has just been completed.</summary>
    /// <param name="outputs">The files that come with it, to be kept in mind with the result; null for none.</param>
    public abstract void SaveResult(TaskRecord completed, ReadOnlyMemory<byte> result, FileSet? outputs);

    public abstract void SaveCheckpoint(TaskId id, ReadOnlyMemory<byte> checkpoint);

    /// <summary>Deletes a finished task and all that belongs to it; false: it is deleted already.</summary>
    public bool TryDelete(TaskRecord task)
    {
        var lane = LaneOf(task);
        if (!TryRemove(task, lane)) return false;
        if (task.Requires.IsVerified) VerifiedAnswers.Delete(this, task);
        Count(lane, task.Group, task.State, -1);
        if (!task.Requires.IsCheck) Tally.AddDeleted(task.Queue);
        return true;
    }

    /// <summary>Claims what is ready: now, or once everybody has decided.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="planned">The claim that the operation planned; what an engine that plans nothing is given is left
    /// from another try.</param>
    public abstract TaskClaim Claim(ClaimRequest request, TaskClaim? planned);

    /// <summary>
    /// What the claim was given, with payloads. Its worker has the files of these tasks from then on.
    /// </summary>
    public IReadOnlyList<ClaimedTask> Complete(TaskClaim claim)
    {
        var claimed = Collect(claim);
        foreach (var task in claimed)
        {
            if (task.Module?.FileSetId is { } set) Locality.Note(claim.WorkerId, set);
        }

        return claimed;
    }

    /// <summary>Whether there may be so many more tokens, once expired ones have made room; it is taken then.</summary>
    public abstract bool TryReserveTokens(int count);

    /// <summary>Begins to take a module in, after what was given up is dropped.</summary>
    /// <param name="kind">What the module is.</param>
    /// <param name="name">For people; null for none.</param>
    /// <param name="owner">Whose it is; null for nobody's.</param>
    /// <param name="begun">Called by the commit, unless the owner is bringing as many as it may.</param>
    public abstract void BeginUpload(ModuleKind kind, string? name, TokenId? owner, Action<ModuleUploadId> begun);

    /// <summary>A module may have come or gone: an engine that keeps them at hand reads it anew.</summary>
    public virtual void ReloadModule(ModuleHash hash)
    {
    }

    /// <summary>The same for what a queue names, and for that queue alone: others may have long runs.</summary>
    public virtual void ReloadQueueModule(string queue)
    {
    }

    /// <summary>
    /// A webhook may have come, gone or been disabled: an engine that keeps them at hand reads them anew.
    /// </summary>
    public virtual void ReloadWebhooks()
    {
    }

    /// <summary>Writes by statements: at once, or with all else before the commit.</summary>
    public abstract void Write(Action<IStatements> add);

    /// <summary>Whether the owner may have another group; its place is taken then.</summary>
    public abstract bool TryReserveGroup(TokenId owner);

    /// <param name="name">For people; null for none.</param>
    /// <param name="owner">Whose it is; null for nobody's.</param>
    /// <param name="inserted">Called with its id by the commit.</param>
    public abstract void InsertGroup(string? name, TokenId? owner, Action<GroupId> inserted);

    /// <summary>Deletes groups without a task that were made so long ago.</summary>
    /// <param name="age">How long ago at least.</param>
    /// <param name="max">Groups at most.</param>
    /// <param name="deleted">Called for each by the commit.</param>
    public abstract void DeleteEmptyGroups(TimeSpan age, int max, Action deleted);

    /// <summary>Makes sure that the transaction can't come through unless the store takes changes.</summary>
    public virtual void Probe()
    {
    }

    /// <summary>After each sweep: the engine's own upkeep.</summary>
    public virtual void EndSweep()
    {
    }

    /// <summary>After each retention: the engine deletes what nobody needs any more.</summary>
    /// <param name="isLast">Whether nothing old is left.</param>
    public abstract void EndRetention(bool isLast);

    /// <summary>Pauses a queue, or resumes it. False: it was so before.</summary>
    public virtual bool SetPaused(string queue, bool paused) =>
        paused ? PausedQueues.Add(queue) : PausedQueues.Remove(queue);

    /// <summary>What is ready in a queue counts as new to those who wait for it.</summary>
    public abstract void AnnounceQueue(string queue);

    /// <summary>Those who wait for this lane's tasks are to be told once it is committed.</summary>
    /// <param name="tasks">
    /// How many more became claimable; negative: how many that were to be announced no longer are.
    /// </param>
    public abstract void AnnounceReady(Lane lane, int tasks);

    /// <summary>What the claim was given, with payloads.</summary>
    protected abstract IReadOnlyList<ClaimedTask> Collect(TaskClaim claim);

    /// <summary>The next id, where the engine gives it itself.</summary>
    protected abstract TaskId NextTaskId();

    /// <summary>The lane of a new task, which <see cref="PrepareLanes"/> has seen to.</summary>
    protected abstract Lane LaneFor(NewTask task, TokenId? owner);

    protected abstract Lane LaneOf(TaskRecord task);

    /// <summary>The id of a new check.</summary>
    protected abstract TaskId NextCheckId();

    /// <summary>The lane of a task's checks.</summary>
    protected abstract Lane CheckLaneOf(TaskRecord parent);

    /// <summary>Stores the row of a new check.</summary>
    protected abstract void StoreCheck(TaskRecord check, Lane lane, TaskRecord parent);

    protected abstract void Store(TaskRecord record, Lane lane, NewTask task, Submission submission);

    protected abstract void StoreKey(IdempotencyKey? key, TaskId[] ids);

    /// <param name="old">As it was.</param>
    /// <param name="next">As it is to be.</param>
    /// <param name="finishes">
    /// Whether it finishes by that, so that it takes its place among its group's finishes.
    /// </param>
    protected abstract void Store(TaskRecord old, TaskRecord next, bool finishes);

    protected abstract void SaveError(TaskId id, string error);

    /// <summary>Stores how an attempt ended, in place of what was stored of the same one.</summary>
    protected abstract void SaveAttempt(TaskId id, TaskAttempt ended);

    /// <summary>Deletes what was stored of a task's attempts from one to another, both included.</summary>
    protected abstract void DropAttempts(TaskId id, int first, int last);

    protected abstract bool TryRemove(TaskRecord task, Lane lane);

    protected abstract void Count(Lane lane, GroupId? group, TaskState state, int change);

    /// <summary>An owner's task left the unfinished ones (-1), or came back to them (+1).</summary>
    protected abstract void CountOwned(TaskId id, int change);

    /// <summary>This transaction announces the task.</summary>
    protected virtual void KeepAnnounced(TaskId id)
    {
    }

    /// <summary>
    /// Whether this transaction announces the task, which is no longer claimable, and needn't after all. Only for an
    /// engine with a poll beneath its announcements: a waiter that was woken for an older task may have taken this one
    /// instead, and then nobody else is told of the older one.
    /// </summary>
    protected virtual bool TakeAnnounced(TaskId id) => false;

    // Releases have no bound: of a task's attempts only the newest stay.
    private void KeepAttempt(TaskId id, TaskAttempt ended)
    {
        SaveAttempt(id, ended);
        if (ended.Attempt > Limits.AttemptsKeptMax) DropAttempts(id, 1, ended.Attempt - Limits.AttemptsKeptMax);
    }

    private void Save(TaskRecord old, TaskRecord next)
    {
        var finishes = next.State.IsFinal && !old.State.IsFinal;
        Store(old, next, finishes);
        if (next.Error is { } error && error != old.Error) SaveError(next.Id, error);
        if (finishes)
        {
            Finished.Add(next.Id);
            CountOwned(next.Id, -1);
            if (Webhooks.Rules.Count > 0 && !next.Requires.IsCheck) Webhooks.Add(next);
        }

        if (old.State.IsFinal && !next.State.IsFinal) CountOwned(next.Id, +1);
        if (old.State == next.State) return;
        Move(old, next);
        if (next.Requires.IsVerified) VerifiedAnswers.Follow(this, old, next);
    }

    private void Move(TaskRecord old, TaskRecord next)
    {
        var lane = LaneOf(next);
        Count(lane, next.Group, old.State, -1);
        Count(lane, next.Group, next.State, +1);
        if (next.State == TaskState.Ready)
        {
            AnnounceReady(lane, +1);
            KeepAnnounced(next.Id);
        }
        else if (old.State == TaskState.Ready && TakeAnnounced(next.Id))
        {
            AnnounceReady(lane, -1);
        }
    }
}
