using Weft.Core.Storage;

namespace Weft.Core.Tests.Storage;

public sealed class SharedReadTests
{
    private readonly List<TaskCompletionSource<int>> _reads = [];

    [Fact]
    public async Task WhoAsksWhileItReads_SharesTheNext()
    {
        var shared = NewRead();
        var first = shared.ReadAsync();
        Task<int>[] later = [shared.ReadAsync(), shared.ReadAsync(), shared.ReadAsync()];
        Assert.Single(_reads);

        _reads[0].SetResult(1);
        Assert.Equal(1, await first);
        await Eventually(() => _reads.Count == 2);
        Assert.All(later, static task => Assert.False(task.IsCompleted));

        _reads[1].SetResult(2);
        var results = await Task.WhenAll(later);
        Assert.Equal([2, 2, 2], results);
    }

    [Fact]
    public async Task AReadThatFails_FailsForThoseWhoAskedAlone()
    {
        var shared = NewRead();
        var first = shared.ReadAsync();
        var second = shared.ReadAsync();
        _reads[0].SetException(new InvalidOperationException());
        await Assert.ThrowsAsync<InvalidOperationException>(() => first);
        await Eventually(() => _reads.Count == 2);
        _reads[1].SetResult(2);
        Assert.Equal(2, await second);

        var third = shared.ReadAsync();
        Assert.Equal(3, _reads.Count);
        _reads[2].SetResult(3);
        Assert.Equal(3, await third);
    }

    private SharedRead<int> NewRead() => new(() =>
    {
        var read = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        _reads.Add(read);
        return read.Task;
    });

    private static async Task Eventually(Func<bool> holds)
    {
        while (!holds())
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
    }
}
