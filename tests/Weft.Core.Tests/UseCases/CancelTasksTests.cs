using System.Reflection;
using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.UseCases;

namespace Weft.Core.Tests.UseCases;

public sealed class CancelTasksTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(3, 1)]
    public async Task AGroup_IsWalkedOver_OnlyWhereSomethingOfItIsUnfinished(int ready, int walks)
    {
        var store = DispatchProxy.Create<ITaskStore, OneGroup>();
        var group = (OneGroup)(object)store;
        group.Ready = ready;
        using var cancel = new CancelTasks(store);
        // Many at once: the first leaves nothing to the others.
        var cancelled = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
            cancel.OfGroupAsync(Caller.Anybody, new(1), TestContext.Current.CancellationToken)));
        Assert.Equal(ready, cancelled.Sum());
        Assert.Equal(walks, group.Walks);
    }

    /// <summary>A store with one group, whose tasks a cancel finishes all at once.</summary>
    public class OneGroup : DispatchProxy
    {
        public int Ready { get; set; }

        public int Walks { get; private set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
        {
            nameof(ITaskStore.FindGroupAsync) =>
                Task.FromResult<StoredGroup?>(new(new(1), null, DateTimeOffset.UnixEpoch, new() { Ready = Ready })),
            nameof(ITaskStore.CancelAsync) => CancelAsync(),
            var name => throw new NotSupportedException(name),
        };

        private async Task<CancelProgress> CancelAsync()
        {
            await Task.Yield();
            Walks++;
            var cancelled = Ready;
            Ready = 0;
            return new(cancelled, null);
        }
    }
}
