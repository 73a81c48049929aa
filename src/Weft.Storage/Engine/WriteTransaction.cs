using Weft.Core;
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

/// <summary>A known idempotency key.</summary>
/// <param name="Fingerprint">The hash of what was submitted under it.</param>
/// <param name="Tasks">The tasks stored then; filled by the commit if this transaction stores them.</param>
internal readonly record struct StoredKey(ReadOnlyMemory<byte> Fingerprint, IReadOnlyList<TaskId> Tasks);

/// <summary>
/// One transaction from its operations' point of view: the stored data, the rules of the state machine, and the effects
/// of a transition beyond its own row. An engine defines how each is read and stored, at once or with all others before
/// the commit.
/// </summary>
internal abstract partial class WriteTransaction(StoreOptions options)
{
    private readonly TaskLife _life = new(options.Retry);
    private readonly List<StoredTask> _completed = [];

    /// <summary>The transaction's time, in whole milliseconds.</summary>
    public abstract DateTimeOffset Now { get; }

    /// <summary>The limits of one owner's tasks.</summary>
    public OwnerLoad OwnerMax => options.OwnerMax;

    /// <summary>The other limits of one owner.</summary>
    public OwnerBounds OwnerBounds => options.OwnerBounds;

    public HashSet<string> PausedQueues { get; } = new(StringComparer.Ordinal);

    /// <summary>Tasks that this transaction has finished, once for each time.</summary>
    public List<TaskId> Finished { get; } = [];

    /// <summary>Tasks that it has deleted.</summary>
    public List<TaskId> Deleted { get; } = [];

    /// <summary>Workers that may be handed more tasks, since an answer of theirs is decided on.</summary>
    public HashSet<IdentityId> Freed { get; } = [];

    /// <summary>Bytes of payloads that this transaction's claims return.</summary>
    public long ClaimedBytes { get; protected set; }

    /// <summary>Whether its claims may hold more payloads in memory.</summary>
    public bool MayClaimMore => ClaimedBytes <= Limits.ClaimBytesMax;

    /// <summary>The counts, applied once the transaction is committed.</summary>
    public PendingTally Tally { get; } = new(options.Meter.Tasks, options.Events);

    /// <summary>The ended attempts, for tasks whose submitters record traces.</summary>
    public PendingSpans Spans { get; } = new();

    /// <summary>The webhook messages, stored in the same transaction.</summary>
    public PendingWebhooks Webhooks { get; } = new();

    /// <summary>Which workers have which files.</summary>
    public Locality Locality => options.Locality;

    /// <summary>Where workers continue to look for checks.</summary>
    public CheckScans CheckScans => options.CheckScans;

    /// <summary>Decides whether an answer is checked, at random, once it has arrived.</summary>
    public double TossCoin() => options.Coin();

    /// <summary>The workers that recently answered verified tasks.</summary>
    public SeenWorkers Seen => options.Seen;

    public abstract IKnownModules Modules { get; }

    /// <summary>The statements that differ between engines.</summary>
    public abstract EngineSql Sql { get; }

    /// <summary>Stores new tasks, and their idempotency key.</summary>
    /// <returns>Their ids, in order; if the database assigns them, they are filled in by the commit.</returns>
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

    /// <summary>Decides the command by the state machine and stores the result.</summary>
    public Decision Apply(TaskRecord task, TaskCommand command)
    {
        var decision = _life.Decide(task, command, Now);
        if (decision.Next is not { } next) return decision;
        Save(task, next);
        if (AttemptHistory.Ended(task, next, command, Now) is { } ended) KeepAttempt(next.Id, ended);
        else if (AttemptHistory.GoesOn(task, command)) DropAttempts(next.Id, next.Attempt, next.Attempt);
        // A check has no submitter: it isn't counted and causes no events.
        if (!task.Requires.IsCheck) Tally.Add(task, command, next, Now);
        if (task.Trace is not null) Spans.Add(task, command, next, Now);
        return decision;
    }

    /// <summary>Stores the one result of a task that has just been completed.</summary>
    /// <param name="completed">The task.</param>
    /// <param name="result">What it left.</param>
    /// <param name="outputs">The files that come with it, which are stored apart; null for none.</param>
    public void SaveResult(TaskRecord completed, ReadOnlyMemory<byte> result, FileSet? outputs)
    {
        StoreResult(completed.Id, result);
        var isSmall = result.Length <= RecentResultCache.ResultBytesMax && outputs is null;
        if (!isSmall || completed.Requires.IsCheck || WithError(completed) is not { } whole) return;
        // Copied: what was given may be a small part of a large body.
        _completed.Add(new(whole) { Result = result.ToArray() });
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

    /// <summary>Records who has claimed a verified task, or a check.</summary>
    public void SaveHolder(TaskId id, WorkerIdentity holder) => Write(statements =>
        statements.Run(StoreSql.UpsertHolder)
            .With(id.Value)
            .With(holder.Id.Value)
            .With(unchecked((long)holder.Network.Value))
            .With(holder.IsTrusted ? 1 : 0));

    /// <summary>Records that it is no longer held.</summary>
    public void DropHolder(TaskId id) => Write(statements => statements.Run(StoreSql.DeleteHolder).With(id.Value));

    /// <summary>
    /// Adds the statement that reads how many of a queue's tasks a worker may have, of which these are all claims.
    /// </summary>
    public static IParameters QueryPace(
        IStatements statements, EngineSql sql, TaskClaim[] claims, IdentityId worker, string queue) =>
        statements.Query(sql.SelectPace, row =>
        {
            var standing = new Standing(row.Long(0), Checks: 0, Faults: 0, row.Long(2) != 0, row.Long(1));
            var pace = new WorkerPace(
                queue, VerificationRules.TasksAllowed(standing, taken: row.Long(3), unlooked: row.Long(4)));
            foreach (var claim in claims) claim.Keep(pace);
        }).With(worker.Value).With(queue);

    /// <summary>Deletes a finished task and all its data; false: it is already deleted.</summary>
    public bool TryDelete(TaskRecord task)
    {
        var lane = LaneOf(task);
        if (!TryRemove(task, lane)) return false;
        Deleted.Add(task.Id);
        if (task.Requires.IsVerified) VerifiedAnswers.Delete(this, task);
        Count(lane, task.Group, task.State, -1);
        if (!task.Requires.IsCheck) Tally.AddDeleted(task.Queue);
        return true;
    }

    /// <summary>The claimed tasks, with payloads. The worker counts as having their files from then on.</summary>
    public IReadOnlyList<ClaimedTask> Complete(TaskClaim claim)
    {
        var claimed = Collect(claim);
        foreach (var task in claimed)
        {
            if (task.Module?.FileSetId is { } set) Locality.Note(claim.WorkerId, set);
        }

        return claimed;
    }

    /// <summary>It is committed: what it counted is counted, and what is read soon may be kept at hand.</summary>
    protected void Keep(RecentResultCache recent)
    {
        foreach (var task in _completed) recent.Add(task);
        foreach (var id in Deleted) recent.Remove(id);
        Tally.Keep();
        Spans.Keep();
    }

    /// <summary>It is over, committed or not: the next one begins with nothing.</summary>
    protected void Forget()
    {
        Tally.Forget();
        Spans.Forget();
        Webhooks.Forget();
        _completed.Clear();
        Deleted.Clear();
        Finished.Clear();
        Freed.Clear();
        ClaimedBytes = 0;
    }

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
