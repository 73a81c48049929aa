using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.UseCases;
using Weft.Core.Workers;
using Weft.Storage.Sqlite;

namespace Weft.Tests.UseCases;

/// <summary>A worker goes away at the worst moment: while the store is leasing tasks to it.</summary>
[Trait("Store", "sqlite")]
public sealed class GoneWorkerTests : IAsyncDisposable
{
    private static readonly ClaimRequest Request = new() { WorkerId = "w" };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weft-gone-");
    private readonly SqliteTaskStore _store;
    private readonly ClaimTasks _claim;
    private readonly SettleTasks _settle;

    public GoneWorkerTests()
    {
        _store = SqliteTaskStore.Open(new() { Folder = _folder.FullName, Time = TimeProvider.System });
        var workers = new WorkerRegistry(TimeProvider.System);
        _claim = new(_store, new(), workers, new(new("test")), TimeProvider.System);
        _settle = new(_store, _claim, workers);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Claim_WhoseWorkerGoesMeanwhile_GivesItsTaskBackAtOnce()
    {
        var id = await SubmitAsync("default");
        using var gone = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            GoWhileAsync(gone, () => _claim.RunAsync(Caller.Anybody, Request, TimeSpan.Zero, gone.Token)));
        var again =
            Assert.Single((await _claim.RunAsync(Caller.Anybody, Request, TimeSpan.Zero, CancellationToken.None))!);
        Assert.Equal((id, 2, 0), (again.Task.Id, again.Task.Attempt, again.Task.Failures));
    }

    [Fact]
    public async Task Settle_WhoseWorkerGoesMeanwhile_IsStored_AndGivesTheNextTaskBack()
    {
        var (first, second) = (await SubmitAsync("default"), await SubmitAsync("default"));
        var held =
            Assert.Single((await _claim.RunAsync(Caller.Anybody, Request, TimeSpan.Zero, CancellationToken.None))!);
        TaskChange[] changes = [new(first, new TaskCommand.Complete(held.Task.Lease!.Token, "1"u8.ToArray()))];
        using var gone = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            GoWhileAsync(gone,
                () => _settle.RunAsync(Caller.Anybody, "w", changes, Request, TimeSpan.Zero, gone.Token)));
        Assert.Equal(TaskState.Completed, (await _store.FindAsync(first, TaskParts.Record))!.Task.State);
        Assert.Equal(second,
            Assert.Single((await _claim.RunAsync(Caller.Anybody, Request, TimeSpan.Zero, CancellationToken.None))!)
                .Task.Id);
    }

    /// <summary>Asks while the writer is busy, and goes before it gets round to the question.</summary>
    private async Task GoWhileAsync<T>(CancellationTokenSource gone, Func<Task<T>> ask)
    {
        using var held = new ManualResetEventSlim();
        var busy = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Hold(ReadyTasks tasks)
        {
            if (tasks.Queue != "other") return;
            busy.TrySetResult();
            held.Wait();
        }

        _store.BecameReady += Hold;
        await SubmitAsync("other");
        await busy.Task;
        var asked = ask();
        await gone.CancelAsync();
        held.Set();
        _store.BecameReady -= Hold;
        await asked;
    }

    private async Task<TaskId> SubmitAsync(string queue) =>
        (await _store.SubmitAsync(new([new() { Queue = queue, Payload = new("1"u8.ToArray(), IsJson: true) }]))).Ids[0];
}
