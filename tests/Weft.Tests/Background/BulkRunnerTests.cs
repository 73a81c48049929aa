using Microsoft.Extensions.Logging.Abstractions;
using Weft.Background;
using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Waiting;

namespace Weft.Tests.Background;

public sealed class BulkRunnerTests
{
    [Fact]
    public async Task AnOperationThatMeetsAFault_IsStopped_AndTheNextRuns()
    {
        var store = new FaultyStore();
        using var wakeUp = new BulkWakeUp();
        using var runner = new BulkRunner(
            store, wakeUp, "here", isShared: false, TimeProvider.System, NullLogger<BulkRunner>.Instance);
        await runner.StartAsync(TestContext.Current.CancellationToken);
        await store.AllOver.WaitAsync(TimeSpan.FromMinutes(2), TimeProvider.System,
            TestContext.Current.CancellationToken);
        await runner.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["1 failed", "2 finished"], store.Ended);
    }

    /// <summary>Two operations; a step of the first one fails by a fault.</summary>
    private sealed class FaultyStore : IBulkStore
    {
        private readonly Queue<BulkOperation> _running = new([Operation(1), Operation(2)]);
        private readonly TaskCompletionSource _allOver = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task AllOver => _allOver.Task;

        public List<string> Ended { get; } = [];

        public Task<BulkOperation?> FindRunningAsync(string runner, DateTimeOffset now) =>
            Task.FromResult(_running.TryPeek(out var next) ? next : null);

        public Task<BulkOperation?> AdvanceAsync(BulkOperation operation, string runner)
        {
            if (operation.Id.Value == 1) throw new InvalidOperationException("A fault.");
            End($"{operation.Id} finished");
            return Task.FromResult<BulkOperation?>(operation with { State = BulkState.Finished });
        }

        public Task<bool> StopAsync(BulkOperationId id, string reason)
        {
            End($"{id} {reason}");
            return Task.FromResult(true);
        }

        public Task<BulkStart> StartAsync(BulkOrder order) => throw new NotSupportedException();

        public Task<BulkMatch> CountAsync(BulkOrder order, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<BulkOperation?> FindAsync(BulkOperationId id) => throw new NotSupportedException();

        public Task<BulkPage> ListAsync(TokenId? token, BulkOperationId? before, int limit) =>
            throw new NotSupportedException();

        public Task<int> DeleteOldAsync(TimeSpan age) => throw new NotSupportedException();

        private static BulkOperation Operation(long id) => new(
            new(id), new(BulkAction.Retry, new(new TaskFilter(), null), null, null, default), BulkState.Running,
            default,
            new TaskId(1), default, default, null);

        private void End(string what)
        {
            _running.Dequeue();
            Ended.Add(what);
            if (_running.Count == 0) _allOver.TrySetResult();
        }
    }
}
