using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Sqlite;

/// <summary>
/// Where callers go on: on the writer's thread when the store is opened so and their answer is short, else on the pool.
/// </summary>
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
        Assert.Equal(answersOnWriter,
            await GoesOnOnWriterAsync(host, () => store.ClaimAsync(new() { WorkerId = "w" })));
        Assert.Equal(answersOnWriter, await GoesOnOnWriterAsync(host, () => store.ApplyAsync([Complete(1)])));
        Assert.Equal(answersOnWriter,
            await GoesOnOnWriterAsync(host, () => store.SettleAsync([Complete(2)], new() { WorkerId = "w" })));
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
    public async Task ManyShortAnswersOfOneCommit_ArePartlyLeftToThePool()
    {
        await using var host = new SqliteStoreHost { AnswersOnWriter = true };
        await using var store = await host.OpenAsync();

        var onWriter =
            await GoOnOnWriterAsync(host, [.. Enumerable.Repeat(() => store.SubmitAsync(new([Small])), 200)]);

        Assert.Contains(true, onWriter);
        Assert.Contains(false, onWriter);
    }

    private static TaskChange Complete(long id) => new(new(id), new TaskCommand.Complete(null, "1"u8.ToArray()));

    private static async Task<bool> GoesOnOnWriterAsync<T>(SqliteStoreHost host, Func<Task<T>> call) =>
        (await GoOnOnWriterAsync(host, [call]))[0];

    /// <summary>
    /// Has the calls wait until somebody waits for them: one that is answered sooner would go on where it was made.
    /// </summary>
    private static async Task<bool[]> GoOnOnWriterAsync<T>(SqliteStoreHost host, Func<Task<T>>[] calls)
    {
        Task<bool>[] goOn;
        using (var other = new SqliteFile(host.Folder))
        {
            other.Connection.Execute("BEGIN IMMEDIATE");
            goOn = [.. calls.Select(static call => call().ContinueWith(
                static answer => answer.IsCompletedSuccessfully ? StoreThread.IsCurrent : throw answer.Exception!,
                TestContext.Current.CancellationToken, TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default))];
        }

        // Elsewhere than where the last of them went on, which may be the writer's thread.
        return await Task.WhenAll(goOn).ContinueWith(static all => all.Result, TestContext.Current.CancellationToken,
            TaskContinuationOptions.RunContinuationsAsynchronously, TaskScheduler.Default);
    }
}
