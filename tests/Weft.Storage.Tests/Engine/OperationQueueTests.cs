using Weft.Core.Storage;
using Weft.Storage.Engine;

namespace Weft.Storage.Tests.Engine;

public sealed class OperationQueueTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Take_ThatLeavesOperationsBehind_WakesTheNextWriter()
    {
        var queue = new OperationQueue(100);
        List<StoreOperation> first = [], second = [];
        var takers = new[] { queue.TakeAsync(first, most: 1).AsTask(), queue.TakeAsync(second, most: 1).AsTask() };
        // Both wait. Whoever is woken finds more than it may take, and nobody adds anything later.
        for (var i = 0; i < 2; i++) Assert.True(queue.TryAdd(new Nothing(), Admission.Progress));
        await Task.WhenAll(takers).WaitAsync(Deadline, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Single(first);
        Assert.Single(second);
    }

    private sealed class Nothing : StoreOperation<bool>
    {
        public override void Decide(WriteTransaction transaction)
        {
        }
    }
}
