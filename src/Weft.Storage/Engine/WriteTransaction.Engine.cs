using Weft.Core.Access;
using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Engine;

// The part of an operation, and of a transition's effects, that differs between engines.
internal abstract partial class WriteTransaction
{
    public abstract void SaveCheckpoint(TaskId id, ReadOnlyMemory<byte> checkpoint);

    /// <summary>Claims ready tasks: now, or after all other decisions.</summary>
    /// <param name="request">The claim.</param>
    /// <param name="planned">The claim that the operation planned; an engine without plans ignores what another try
    /// left.</param>
    public abstract TaskClaim Claim(ClaimRequest request, TaskClaim? planned);

    /// <summary>
    /// Whether this many more tokens are allowed, after expired ones were deleted; if so, they are counted.
    /// </summary>
    public abstract bool TryReserveTokens(int count);

    /// <summary>Starts the upload of a module, after abandoned ones are dropped.</summary>
    /// <param name="kind">The module's kind.</param>
    /// <param name="name">Human-readable; null for none.</param>
    /// <param name="owner">Its owner; null for none.</param>
    /// <param name="begun">Called by the commit, unless the owner has its maximum number of uploads.</param>
    public abstract void BeginUpload(ModuleKind kind, string? name, TokenId? owner, Action<ModuleUploadId> begun);

    /// <summary>A module may have been added or deleted: an engine that caches them reads them again.</summary>
    public virtual void ReloadModule(ModuleHash hash)
    {
    }

    /// <summary>The same for a single queue's module: others may have long runs.</summary>
    public virtual void ReloadQueueModule(string queue)
    {
    }

    /// <summary>
    /// A webhook may have been added, deleted or disabled: an engine that caches them reads them again.
    /// </summary>
    public virtual void ReloadWebhooks()
    {
    }

    /// <summary>Writes by statements: at once, or with all others before the commit.</summary>
    public abstract void Write(Action<IStatements> add);

    /// <summary>Whether the owner may have another group; if so, it is counted.</summary>
    public abstract bool TryReserveGroup(TokenId owner);

    /// <param name="name">Human-readable; null for none.</param>
    /// <param name="owner">Its owner; null for none.</param>
    /// <param name="inserted">Called with its id by the commit.</param>
    public abstract void InsertGroup(string? name, TokenId? owner, Action<GroupId> inserted);

    /// <summary>Deletes old empty groups.</summary>
    /// <param name="age">Their minimum age.</param>
    /// <param name="max">Maximum number of groups.</param>
    /// <param name="deleted">Called for each by the commit.</param>
    public abstract void DeleteEmptyGroups(TimeSpan age, int max, Action deleted);

    /// <summary>Makes sure that the transaction can succeed only if the store accepts changes.</summary>
    public virtual void Probe()
    {
    }

    /// <summary>After each sweep: the engine's own upkeep.</summary>
    public virtual void EndSweep()
    {
    }

    /// <summary>After each retention run: the engine deletes its own unneeded data.</summary>
    /// <param name="isLast">Whether nothing old is left.</param>
    public abstract void EndRetention(bool isLast);

    /// <summary>Pauses a queue, or resumes it. False: it already was.</summary>
    public virtual bool SetPaused(string queue, bool paused) =>
        paused ? PausedQueues.Add(queue) : PausedQueues.Remove(queue);

    /// <summary>Announces a queue's ready tasks to waiting claims as if they were new.</summary>
    public abstract void AnnounceQueue(string queue);

    /// <summary>Announces this lane's tasks to waiting claims once it is committed.</summary>
    /// <param name="tasks"> How many more became claimable; negative: how many announced ones no longer are.
    /// </param>
    public abstract void AnnounceReady(Lane lane, int tasks);

    /// <summary>The claimed tasks, with payloads.</summary>
    protected abstract IReadOnlyList<ClaimedTask> Collect(TaskClaim claim);

    /// <summary>The next id, if the engine assigns it itself.</summary>
    protected abstract TaskId NextTaskId();

    /// <summary>The lane of a new task, which <see cref="PrepareLanes"/> has provided.</summary>
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

    /// <param name="old">The record before.</param>
    /// <param name="next">The record after.</param>
    /// <param name="finishes"> Whether it finishes, and so gets its position among its group's finished tasks.
    /// </param>
    protected abstract void Store(TaskRecord old, TaskRecord next, bool finishes);

    protected abstract void StoreResult(TaskId id, ReadOnlyMemory<byte> result);

    /// <summary>
    /// The task with the error of an earlier failure, if there was one; null: whether there was isn't at hand.
    /// </summary>
    protected abstract TaskRecord? WithError(TaskRecord completed);

    protected abstract void SaveError(TaskId id, string error);

    /// <summary>Stores how an attempt ended, replacing an earlier entry of the same attempt.</summary>
    protected abstract void SaveAttempt(TaskId id, TaskAttempt ended);

    /// <summary>Deletes a range of a task's stored attempts, inclusive.</summary>
    protected abstract void DropAttempts(TaskId id, int first, int last);

    protected abstract bool TryRemove(TaskRecord task, Lane lane);

    protected abstract void Count(Lane lane, GroupId? group, TaskState state, int change);

    /// <summary>An owner's task finished (-1), or became unfinished again (+1).</summary>
    protected abstract void CountOwned(TaskId id, int change);

    /// <summary>This transaction announces the task.</summary>
    protected virtual void KeepAnnounced(TaskId id)
    {
    }

    /// <summary>
    /// Whether this transaction announces the task, which is no longer claimable, unnecessarily. Only for an engine
    /// that also polls: a waiter that was woken for an older task may have taken this one instead, and then no other
    /// waiter learns of the older one.
    /// </summary>
    protected virtual bool TakeAnnounced(TaskId id) => false;
}
