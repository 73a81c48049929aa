using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Matching;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Conformance;

/// <summary>
/// What every engine must do. The facts see an <see cref="ITaskStore"/> and nothing of the engine;
/// an engine's class only says which <see cref="IStoreHost"/> opens it.
/// </summary>
public abstract class TaskStoreConformance(IStoreHost host) : IAsyncLifetime
{
    protected static readonly NewTask Plain = new() { Payload = Json("{}") };

    /// <summary>Of two of these, a transaction deletes no third.</summary>
    protected static NewTask Large => new() { Payload = Json($"\"{new string('x', Limits.DeleteBytesMax / 2)}\"") };

    protected ITaskStore Store { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Store = await host.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the store and opens it again: what was acknowledged must be there.</summary>
    protected async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        Store = await host.OpenAsync();
    }

    protected Task AdvanceAsync(TimeSpan time) => host.AdvanceAsync(time);

    protected static Payload Json(string text) => new(Bytes(text), IsJson: true);

    protected static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    protected async Task<TaskId> SubmitAsync(NewTask? task = null) =>
        Assert.Single(await SubmitAllAsync(task ?? Plain));

    protected async Task<IReadOnlyList<TaskId>> SubmitAllAsync(params IReadOnlyList<NewTask> tasks)
    {
        var outcome = await Store.SubmitAsync(new(tasks));
        Assert.Equal(SubmitStatus.Stored, outcome.Status);
        return outcome.Ids;
    }

    protected async Task<GroupId> CreateGroupAsync(string? name, TokenId? owner = null)
    {
        var id = await Store.CreateGroupAsync(name, owner);
        Assert.NotNull(id);
        return id.Value;
    }

    protected async Task<ClaimedTask> ClaimOneAsync(params string[] capabilities) =>
        Assert.Single(
            await Store.ClaimAsync(new() { WorkerId = "worker", Capabilities = Capabilities.TryParse(capabilities)! }));

    protected async Task<TaskId[]> ClaimIdsAsync(int max, params string[] queues)
    {
        var request = new ClaimRequest
            { WorkerId = "worker", Max = max, Queues = queues.Length == 0 ? [Limits.QueueDefault] : queues };
        return [.. (await Store.ClaimAsync(request)).Select(static claimed => claimed.Task.Id)];
    }

    protected async Task<Refusal> ApplyAsync(TaskId id, TaskCommand command) =>
        Assert.Single(await Store.ApplyAsync([new(id, command)])).Refusal;

    protected async Task AcceptAsync(TaskId id, TaskCommand command) =>
        Assert.Equal(Refusal.None, await ApplyAsync(id, command));

    protected Task CompleteAsync(ClaimedTask claimed, string result = "1") =>
        AcceptAsync(claimed.Task.Id, new TaskCommand.Complete(claimed.Task.Lease!.Token, Bytes(result)));

    protected Task FailAsync(ClaimedTask claimed, bool mayRetry = true) =>
        AcceptAsync(claimed.Task.Id, new TaskCommand.Fail(claimed.Task.Lease!.Token, "broken", mayRetry, Jitter: 0));

    protected async Task<TaskRecord> RecordAsync(TaskId id) => (await FindAsync(id, TaskParts.Record)).Task;

    protected async Task<StoredTask> FindAsync(TaskId id, TaskParts parts)
    {
        var task = await Store.FindAsync(id, parts);
        Assert.NotNull(task);
        return task;
    }

    protected async Task<TaskState> StateAsync(TaskId id) => (await RecordAsync(id)).State;

    protected Task<int> SweepAsync() => Store.SweepAsync(Limits.SweepBatchMax);

    protected async Task<StateCounts> CountsAsync(string queue = Limits.QueueDefault) =>
        (await Store.CountAsync()).SingleOrDefault(counts => counts.Queue == queue)?.Counts ?? default;

    /// <summary>The ids of all tasks that match, by pages of two.</summary>
    protected async Task<List<TaskId>> ListAllAsync(TaskFilter filter) =>
        [.. (await ListTasksAsync(filter, 2)).Select(static task => task.Id)];

    /// <summary>All tasks that match, page by page.</summary>
    protected async Task<List<TaskRecord>> ListTasksAsync(TaskFilter filter, int pageMax)
    {
        var listed = new List<TaskRecord>();
        TaskId? after = null;
        do
        {
            var page = await Store.ListAsync(filter, after, pageMax);
            Assert.True(page.Tasks.Count <= pageMax);
            listed.AddRange(page.Tasks);
            after = page.Next;
        }
        while (after is not null);
        return listed;
    }
}
