using System.Reflection;
using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.UseCases;

namespace Weft.Core.Tests.UseCases;

public sealed class SubmitTasksTests
{
    [Fact]
    public async Task ABatchThatCantBeStoredWhole_TakesFewPlacesOfTheStoreAtOnce_AndKeepsItsOrder()
    {
        var store = DispatchProxy.Create<ITaskStore, OneByOneStore>();
        var tasks = Enumerable.Range(1, 100)
            .Select(static i =>
                new NewTask { Queue = i % 10 == 0 ? "bad" : "q", Payload = new("1"u8.ToArray(), IsJson: true) })
            .ToArray();
        var outcome = await new SubmitTasks(store).RunBatchAsync(Caller.Anybody, tasks, key: null);
        Assert.Equal(tasks.Select(static task => task.Queue == "bad" ? SubmitStatus.ModuleNotFound
            : SubmitStatus.Stored),
            outcome.Tasks.Select(static task => task.Status));
        Assert.InRange(((OneByOneStore)(object)store).AtOnce, 2, 32);
    }

    /// <summary>A store that takes its time, and refuses what goes to the queue "bad".</summary>
    public class OneByOneStore : DispatchProxy
    {
        private int _running;

        public int AtOnce { get; private set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            SubmitAsync((Submission)args![0]!);

        private async Task<SubmitOutcome> SubmitAsync(Submission submission)
        {
            AtOnce = Math.Max(AtOnce, Interlocked.Increment(ref _running));
            await Task.Yield();
            Interlocked.Decrement(ref _running);
            return submission.Tasks.Any(static task => task.Queue == "bad")
                ? new(SubmitStatus.ModuleNotFound, [])
                : new(SubmitStatus.Stored, [new(1)]);
        }
    }
}
