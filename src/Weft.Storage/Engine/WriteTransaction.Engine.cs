using Weft.Core.Access;
using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Engine;

// What an engine does for an operation, and for the effects of a transition.
internal abstract partial class WriteTransaction
{
    public abstract void SaveCheckpoint(TaskId id, ReadOnlyMemory<byte> checkpoint);

    /// <summary>Claims what is ready: now, or once everybody has decided.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="planned">The claim that the operation planned; what an engine that plans nothing is given is left
    /// from another try.</param>
    public abstract TaskClaim Claim(ClaimRequest request, TaskClaim? planned);

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

    protected abstract void StoreResult(TaskId id, ReadOnlyMemory<byte> result);

    /// <summary>
    /// The task with the error of an earlier failure, if there was one; null: whether there was isn't at hand.
    /// </summary>
    protected abstract TaskRecord? WithError(TaskRecord completed);

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
}
