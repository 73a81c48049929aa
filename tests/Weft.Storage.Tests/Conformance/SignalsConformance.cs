using System.Threading.Channels;
using Weft.Core;
using Weft.Core.Matching;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Conformance;

public abstract class SignalsConformance(IStoreHost host) : TaskStoreConformance(host)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly Channel<ReadyTasks> _ready = Channel.CreateUnbounded<ReadyTasks>();
    private readonly Channel<TaskId> _finished = Channel.CreateUnbounded<TaskId>();

    [Fact]
    public async Task BecameReady_TellsHowManyWereSubmittedToEachQueueForEachSetOfRequirements()
    {
        Listen();
        var gpu = Requirements.Parse("gpu");
        await SubmitAllAsync(Plain, Plain with { Queue = "a" }, Plain, Plain with { Requires = gpu },
            Plain with { Delay = TimeSpan.FromHours(1) });
        ReadyTasks[] told = [await NextReadyAsync(), await NextReadyAsync(), await NextReadyAsync()];
        Assert.Equal(
            [new("a", Requirements.None, 1), new(Limits.QueueDefault, Requirements.None, 2),
                new ReadyTasks(Limits.QueueDefault, gpu, 1)],
            told.OrderBy(static ready => ready.Queue, StringComparer.Ordinal)
                .ThenBy(static ready => ready.Requires.Text, StringComparer.Ordinal));
    }

    [Fact]
    public async Task BecameReady_ComesForWhatIsGivenBackSweptAndRetried()
    {
        var id = await SubmitAsync(Plain with { MaxAttempts = 3 });
        var claimed = await ClaimOneAsync();
        Listen();
        await AcceptAsync(id, new TaskCommand.Release(claimed.Task.Lease!.Token));
        await AssertOneReadyAsync();

        await ClaimOneAsync();
        await AdvanceAsync(TimeSpan.FromMinutes(2));
        await SweepAsync();
        await AssertOneReadyAsync();

        await FailAsync(await ClaimOneAsync());
        await AssertOneReadyAsync();

        await FailAsync(await ClaimOneAsync(), mayRetry: false);
        await AcceptAsync(id, TaskCommand.Retry.Instance);
        await AssertOneReadyAsync();
    }

    [Fact]
    public async Task BecameReady_OfAPausedQueue_WaitsUntilItIsResumed()
    {
        await Store.SetPausedAsync(Limits.QueueDefault, paused: true);
        Listen();
        await SubmitAllAsync(Plain, Plain);
        await SubmitAsync(Plain with { Queue = "other" });
        Assert.Equal("other", (await NextReadyAsync()).Queue);
        await Store.SetPausedAsync(Limits.QueueDefault, paused: false);
        Assert.Equal(new(Limits.QueueDefault, Requirements.None, 2), await NextReadyAsync());
    }

    [Fact]
    public async Task Finished_TellsWhatWasCompletedKilledAndCancelled()
    {
        var ids = await SubmitAllAsync(Plain, Plain, Plain, Plain with { ExpiresIn = TimeSpan.FromSeconds(5) });
        Listen();
        await CompleteAsync(await ClaimOneAsync());
        Assert.Equal(ids[0], await NextFinishedAsync());
        await FailAsync(await ClaimOneAsync());
        await FailAsync(await ClaimOneAsync(), mayRetry: false);
        Assert.Equal(ids[1], await NextFinishedAsync());
        await AdvanceAsync(TimeSpan.FromSeconds(10));
        await SweepAsync();
        Assert.Equal(ids[3], await NextFinishedAsync());
        await Store.CancelAsync(CancelSelection.WaitingIn(Limits.QueueDefault), 10);
        Assert.Equal(ids[2], await NextFinishedAsync());
    }

    [Fact]
    public async Task Finished_ComesAfterTheResultCanBeRead()
    {
        var states = Channel.CreateUnbounded<Task<StoredTask?>>();
        Store.Finished += finished => states.Writer.TryWrite(Store.FindAsync(finished[0], TaskParts.Result));
        await SubmitAsync();
        await CompleteAsync(await ClaimOneAsync(), "5");
        var found = await await NextAsync(states);
        Assert.Equal(Bytes("5"), found!.Result!.Value.ToArray());
    }

    private void Listen()
    {
        Store.BecameReady += tasks => _ready.Writer.TryWrite(tasks);
        Store.Finished += tasks =>
        {
            foreach (var id in tasks) _finished.Writer.TryWrite(id);
        };
    }

    private async Task AssertOneReadyAsync() =>
        Assert.Equal(new(Limits.QueueDefault, Requirements.None, 1), await NextReadyAsync());

    private Task<ReadyTasks> NextReadyAsync() => NextAsync(_ready);

    private Task<TaskId> NextFinishedAsync() => NextAsync(_finished);

    private static Task<T> NextAsync<T>(Channel<T> channel)
    {
        var cancelled = TestContext.Current.CancellationToken;
        return channel.Reader.ReadAsync(cancelled).AsTask().WaitAsync(Deadline, cancelled);
    }
}
