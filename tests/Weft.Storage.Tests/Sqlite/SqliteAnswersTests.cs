using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Sqlite;

namespace Weft.Storage.Tests.Sqlite;

/// <summary>Where callers go on: on the writer's thread when the store is opened so and their answer is short, else on the pool.</summary>
public sealed class SqliteAnswersTests
{
    private static readonly NewTask Small = new() { Payload = new("{}"u8.ToArray(), IsJson: true) };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ShortAnswers_RunOnTheWriterWhereTheStoreIsOpenedSo(bool answersOnWriter)
    {
        await using var host = new SqliteStoreHost { AnswersOnWriter = answersOnWriter };
        await using var store = await host.OpenAsync();
        await store.SubmitAsync(new([Small, Small, Small]));

        Assert.Equal(answersOnWriter, await GoesOnOnWriterAsync(host, () => store.SubmitAsync(new([Small]))));
        Assert.Equal(answersOnWriter, await GoesOnOnWriterAsync(host, () => store.ClaimAsync(new() { WorkerId = "w" })));
        Assert.Equal(answersOnWriter, await GoesOnOnWriterAsync(host, () => store.ApplyAsync([Complete(1)])));
        Assert.Equal(answersOnWriter, await GoesOnOnWriterAsync(host, () => store.SettleAsync([Complete(2)], new() { WorkerId = "w" })));
    }

    [Fact]
    public async Task LongAnswers_RunOnThePool()
    {
        await using var host = new SqliteStoreHost { AnswersOnWriter = true };
        await using var store = await host.OpenAsync();
        await store.SubmitAsync(new([new() { Payload = new(new byte[(16 << 10) + 1], IsJson: false) }, Small, Small]));

        Assert.False(await GoesOnOnWriterAsync(host, () => store.SubmitAsync(new([Small, Small]))));
        Assert.False(await GoesOnOnWriterAsync(host, () => store.ClaimAsync(new() { WorkerId = "w" })));
        Assert.False(await GoesOnOnWriterAsync(host, () => store.ClaimAsync(new() { WorkerId = "w", Max = 2 })));
        Assert.False(await GoesOnOnWriterAsync(host, () => store.ApplyAsync([Complete(1), Complete(2)])));
        Assert.False(await GoesOnOnWriterAsync(host, () => store.SweepAsync(1)));
    }

    [Fact]
    public async Task RefusedAndFailedCallers_GoOnOnThePool()
    {
        await using var host = new SqliteStoreHost { AnswersOnWriter = true };
        var store = SqliteTaskStore.Open(host.Options());
        await store.DisposeAsync();
        Assert.Equal(StoreTrouble.Unavailable, (await Assert.ThrowsAsync<StoreException>(() => store.SubmitAsync(new([Small])))).Trouble);
        Assert.False(StoreThread.IsCurrent);
    }

    private static TaskChange Complete(long id) => new(new(id), new TaskCommand.Complete(null, "1"u8.ToArray()));

    /// <summary>Has the call wait until somebody waits for it: one that is answered sooner would go on where it was made.</summary>
    private static async Task<bool> GoesOnOnWriterAsync<T>(SqliteStoreHost host, Func<Task<T>> call)
    {
        Task<bool> goesOn;
        using (var other = new SqliteFile(host.Folder))
        {
            other.Connection.Execute("BEGIN IMMEDIATE");
            goesOn = call().ContinueWith(static answer => (answer.IsCompletedSuccessfully, StoreThread.IsCurrent), TestContext.Current.CancellationToken, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)
                .ContinueWith(static seen => seen.Result is (true, var isWriter) ? isWriter : throw new InvalidOperationException("The call failed."), TestContext.Current.CancellationToken, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        return await goesOn;
    }
}
