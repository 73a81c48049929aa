using Weft.Storage.Postgres;

namespace Weft.Storage.Tests.Postgres;

public sealed class PostgresQueueTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Take_ThatLeavesOperationsBehind_WakesTheNextWriter()
    {
        var queue = new PostgresQueue(100);
        List<PostgresOperation> first = [], second = [];
        var takers = new[] { queue.TakeAsync(first, most: 1).AsTask(), queue.TakeAsync(second, most: 1).AsTask() };
        // Both wait. Whoever is woken finds more than it may take, and nobody adds anything later.
        for (var i = 0; i < 2; i++) Assert.True(queue.TryAdd(new Nothing(), PostgresUrgency.Settle));
        await Task.WhenAll(takers).WaitAsync(Deadline, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Single(first);
        Assert.Single(second);
    }

    private sealed class Nothing : PostgresOperation<bool>
    {
        public override void Ask(PostgresQuestions questions)
        {
        }

        public override void Decide(PostgresUnit unit)
        {
        }
    }
}
