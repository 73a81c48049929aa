using Weft.Core.Access;
using Weft.Core.Explaining;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Verification;
using Weft.Storage.Engine;
using Weft.Storage.Operations;

namespace Weft.Storage;

/// <summary>The common part of all engines' stores: it runs operations, and reads.</summary>
public abstract class TaskStore : ITaskStore, IStoreHealth, IStoreGauges
{
    // Engines are in this assembly.
    private protected TaskStore()
    {
    }

    public event Action<ReadyTasks>? BecameReady;

    public event Action<IReadOnlyList<TaskId>>? Finished;

    public event Action<IReadOnlyList<IdentityId>>? Freed;

    /// <summary>
    /// Completes when the store has closed; faulted with a human-readable line if it failed permanently.
    /// </summary>
    public abstract Task Ended { get; }

    /// <summary>The schema upgrade when the store was opened; null for none.</summary>
    public SchemaUpgrade? Upgrade { get; private protected init; }

    /// <summary>The tokens of the same store; it closes with the tasks.</summary>
    public ITokenStore Tokens => field ??= new TokenStore(this, Reads);

    /// <summary>The modules of the same store; they close with the tasks.</summary>
    public IModuleStore Modules => field ??= new ModuleStore(this, Reads);

    /// <summary>The files of the same store; they close with the tasks.</summary>
    public IBlobStore Blobs => field ??= new BlobStore(this, Reads);

    /// <summary>The bulk operations of the same store; they close with the tasks.</summary>
    public IBulkStore Bulk => field ??= new BulkStore(this, Reads);

    /// <summary>The audit log in the same store; it closes with the tasks.</summary>
    public IAuditStore Audit => field ??= new AuditStore(this, Reads);

    /// <summary>The webhooks of the same store; they close with the tasks.</summary>
    public IWebhookStore Webhooks => field ??= new WebhookStore(this, Reads);

    /// <summary>The history of metrics in the same store; it closes with the tasks.</summary>
    public ISampleStore Samples => field ??= new SampleStore(this, Reads);

    /// <summary>Answers to verify, in the same store; they close with the tasks.</summary>
    public IVerificationStore Verification => field ??= new VerificationStore(this, Reads);

    /// <summary>The names of volunteers, in the same store; they close with the tasks.</summary>
    public IBoardStore Board => field ??= new BoardStore(this, Reads);

    private protected abstract StoreReads Reads { get; }

    private protected abstract RecentResultCache Recent { get; }

    public Task<SubmitOutcome> SubmitAsync(Submission submission) =>
        RunAsync(new SubmitOperation(submission), Admission.NewWork);

    public Task<IReadOnlyList<ClaimedTask>> ClaimAsync(ClaimRequest request) =>
        RunAsync(new ClaimOperation(request), Admission.Progress);

    public Task<IReadOnlyList<ChangeOutcome>> ApplyAsync(IReadOnlyList<TaskChange> changes) =>
        RunAsync(new ApplyOperation(changes), Admission.Progress);

    public Task<SettleOutcome> SettleAsync(IReadOnlyList<TaskChange> changes, ClaimRequest next) =>
        RunAsync(new SettleOperation(changes, next), Admission.Progress);

    public Task<CancelProgress> CancelAsync(CancelSelection selection, int max) =>
        RunAsync(new CancelOperation(selection, max), Admission.Progress);

    public Task<int> SweepAsync(int max) => RunAsync(new SweepOperation(max), Admission.Progress);

    public Task<int> DeleteFinishedAsync(TimeSpan age, int max) =>
        RunAsync(new RetentionOperation(age, max), Admission.Progress);

    public Task<int> DeleteEmptyGroupsAsync(TimeSpan age, int max) =>
        RunAsync(new DeleteEmptyGroupsOperation(age, max), Admission.Progress);

    public Task SetPausedAsync(string queue, bool paused) =>
        RunAsync(new SetPausedOperation(queue, paused), Admission.Progress);

    public Task<GroupId?> CreateGroupAsync(string? name, TokenId? owner = null) =>
        RunAsync(new CreateGroupOperation(name, owner), Admission.NewWork);

    public Task<bool> SealGroupAsync(GroupId id) => RunAsync(new SealGroupOperation(id), Admission.Progress);

    public Task<StoredTask?> FindAsync(TaskId id, TaskParts parts) =>
        ((parts & ~TaskParts.SmallOnly) == TaskParts.Result ? Recent.Find(id) : null) ?? Reads.FindAsync(id, parts);

    public Task<TaskHistory?> FindHistoryAsync(TaskId id) => Reads.FindHistoryAsync(id);

    public Task<TaskStanding?> FindStandingAsync(TaskId id) => Reads.FindStandingAsync(id);

    public Task<TaskPage> ListAsync(
        TaskFilter filter, TaskId? after, int limit, CancellationToken cancellationToken) =>
        Reads.ListAsync(filter, after, limit, cancellationToken);

    public Task<IReadOnlyList<LeasedTask>> ListLeasedAsync(int max) => Reads.ListLeasedAsync(max);

    public Task<IReadOnlyList<QueueCounts>> CountAsync() => Reads.CountAsync();

    public Task<IReadOnlyList<ReadyTasks>> ListReadyAsync() => Reads.ListReadyAsync();

    public Task<StoredGroup?> FindGroupAsync(GroupId id) => Reads.FindGroupAsync(id);

    public Task<GroupPage> ListGroupsAsync(TokenId? owner, GroupId? before, int limit) =>
        Reads.ListGroupsAsync(owner, before, limit);

    public Task<GroupResultsPage> ListResultsAsync(GroupId id, ResultOrder order, long after, int limit) =>
        Reads.ListResultsAsync(id, order, after, limit);

    public abstract Task<StoreException?> CheckHealthAsync();

    public virtual StoreException? KnownTrouble => null;

    public abstract string Engine { get; }

    public abstract Task<StoreGauges> ReadGaugesAsync();

    public abstract ValueTask DisposeAsync();

    /// <summary>Runs the operation in a transaction; completes when that is committed.</summary>
    internal abstract Task<T> RunAsync<T>(StoreOperation<T> operation, Admission admission);

    /// <summary>Whether a transaction completes within a time, which requires a working writer.</summary>
    /// <param name="timeMax">How long it may take.</param>
    /// <param name="time">Measures that.</param>
    /// <param name="silence">What a longer time means, human-readable.</param>
    private protected async Task<StoreException?> ProbeAsync(TimeSpan timeMax, TimeProvider time, string silence)
    {
        try
        {
            await RunAsync(new ProbeOperation(), Admission.Progress).WaitAsync(timeMax, time);
            return null;
        }
        catch (StoreException trouble)
        {
            return trouble;
        }
        catch (TimeoutException)
        {
            return new(StoreErrorKind.Unavailable, silence);
        }
    }

    private protected void Announce(CommitNews news)
    {
        foreach (var (lane, count) in news.Ready) BecameReady?.Invoke(new(lane.Queue, lane.Requires, count));
        if (news.Finished.Count > 0) Finished?.Invoke(news.Finished);
        if (news.Freed.Count > 0) Freed?.Invoke(news.Freed);
    }
}
