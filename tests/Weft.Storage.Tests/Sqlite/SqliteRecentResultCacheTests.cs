using System.Text;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Engine;
using Weft.Storage.Operations;
using Weft.Storage.Sqlite;

namespace Weft.Storage.Tests.Sqlite;

public sealed class SqliteRecentResultCacheTests : IAsyncDisposable
{
    private readonly SqliteStoreHost _host = new();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(RecentResultCache.ResultBytesMax)]
    [InlineData(RecentResultCache.ResultBytesMax + 1)]
    public async Task Find_OfATaskJustCompleted_IsWhatTheDatabaseHolds(int resultBytes)
    {
        var store = await _host.OpenAsync();
        var id = await CompleteAsync(store, new string('7', resultBytes));
        await AssertSameAfterReopeningAsync(store, id);
    }

    [Fact]
    public async Task Find_OfATaskThatHadFailedBefore_SaysWhy()
    {
        var store = await _host.OpenAsync();
        var id = (await store.SubmitAsync(new([new NewTask { Payload = Json("1") }]))).Ids[0];
        var claimed = await store.ClaimAsync(new() { WorkerId = "w" });
        await store.ApplyAsync([new(id,
            new TaskCommand.Fail(claimed[0].Task.Lease!.Token, "out of memory", MayRetry: true, Jitter: 0))]);
        await store.ApplyAsync([new(id, new TaskCommand.Complete(null, Encoding.UTF8.GetBytes("1")))]);

        Assert.Equal("out of memory", (await store.FindAsync(id, TaskParts.Result))!.Task.Error);
        await AssertSameAfterReopeningAsync(store, id);
    }

    [Fact]
    public async Task Find_OfATaskThatRetentionDeleted_FindsNothing()
    {
        await using var store = await _host.OpenAsync();
        var id = await CompleteAsync(store, "1");
        Assert.NotNull(await store.FindAsync(id, TaskParts.Result));

        Assert.Equal(1, await store.DeleteFinishedAsync(TimeSpan.Zero, 10));
        Assert.Null(await store.FindAsync(id, TaskParts.Result));
    }

    [Fact]
    public async Task Find_OfATaskCompletedAndDeletedInOneTransaction_FindsNothing()
    {
        var recent = new RecentResultCache(TimeProvider.System);
        var writer = new SqliteWriter(SqliteDatabase.OpenWriter(_host.Folder), new(), recent, _host.Options());
        var id = await writer.RunAsync(Admission.Progress, transaction =>
        {
            var task = transaction.Run(new SubmitOperation(new([new NewTask { Payload = Json("1") }]))).Ids[0];
            transaction.Run(new ApplyOperation([new(task, new TaskCommand.Complete(null, "1"u8.ToArray()))]));
            Assert.Equal(1, transaction.Run(new RetentionOperation(TimeSpan.Zero, 10)));
            return task;
        });
        Assert.Null(recent.Find(id));
        await writer.StopAsync();
    }

    [Fact]
    public void Find_OfATaskWhoseSlotANewerOneTook_AsksTheDatabase()
    {
        var recent = new RecentResultCache(TimeProvider.System);
        recent.Add(Stored(1));
        recent.Add(Stored(1 + (1 << 20)));

        Assert.Null(recent.Find(new(1)));
        Assert.NotNull(recent.Find(new(1 + (1 << 20))));
    }

    private static StoredTask Stored(long id) =>
        new(new TaskRecord { Id = new(id), Queue = "q", State = TaskState.Completed, SubmittedAt = default });

    private static Payload Json(string text) => new(Encoding.UTF8.GetBytes(text), IsJson: true);

    private static async Task<TaskId> CompleteAsync(ITaskStore store, string result)
    {
        var id = (await store.SubmitAsync(new([new NewTask { Payload = Json("1") }]))).Ids[0];
        await store.ClaimAsync(new() { WorkerId = "w" });
        await store.ApplyAsync([new(id, new TaskCommand.Complete(null, Encoding.UTF8.GetBytes(result)))]);
        return id;
    }

    private async Task AssertSameAfterReopeningAsync(ITaskStore store, TaskId id)
    {
        var before = (await store.FindAsync(id, TaskParts.Result))!;
        await store.DisposeAsync();
        await using var reopened = await _host.OpenAsync();
        var after = (await reopened.FindAsync(id, TaskParts.Result))!;
        Assert.Equal(after.Task, before.Task);
        Assert.Equal(after.Result!.Value.ToArray(), before.Result!.Value.ToArray());
    }
}
