using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Operations;
using Weft.Storage.Sqlite;

namespace Weft.Storage.Tests.Sqlite;

/// <summary>Lanes in memory, beside those in the database.</summary>
public sealed class SqliteLaneTests : IAsyncDisposable
{
    private static readonly Submission Small = new([new() { Payload = new("{}"u8.ToArray(), IsJson: true) }]);

    private readonly SqliteStoreHost _host = new();
    private readonly SqliteLanes _lanes = new();
    private readonly SqliteWriter _writer;

    public SqliteLaneTests() => _writer = new(
        SqliteDatabase.OpenWriter(_host.Folder), _lanes, new(TimeProvider.System), _host.Options());

    public async ValueTask DisposeAsync()
    {
        await _writer.StopAsync();
        _host.AssertSound();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Lane_ThatATransactionFreed_IsBackAfterItsRollback()
    {
        var id = await SubmitAndCancelAsync();
        var lane = Assert.Single(_lanes.Of("default"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync<int>(transaction =>
        {
            Assert.Equal(1, transaction.Run(new RetentionOperation(TimeSpan.Zero, 10)));
            Assert.Empty(transaction.Lanes.Of("default"));
            // The same transaction needs a lane again, and gets a new one.
            transaction.Run(new SubmitOperation(Small));
            throw new InvalidOperationException("a bug");
        }));

        Assert.Same(lane, Assert.Single(_lanes.Of("default")));
        Assert.False(lane.IsEmpty);
        Assert.Equal(TaskState.Cancelled, await RunAsync(transaction => transaction.Tasks.Find(id)!.State));
    }

    [Fact]
    public async Task Lane_FreedAndNeededAgainInOneTransaction_IsANewOne()
    {
        await SubmitAndCancelAsync();
        var old = Assert.Single(_lanes.Of("default"));
        await RunAsync(transaction => (transaction.Run(new RetentionOperation(TimeSpan.Zero, 10)),
            transaction.Run(new SubmitOperation(Small))));
        var added = Assert.Single(_lanes.Of("default"));
        Assert.NotEqual(old.Id, added.Id);
        Assert.Equal(1, added.Ready);
    }

    [Fact]
    public async Task Lane_FreedWhileAReaderHasAnOlderSnapshot_IsReadFromThatSnapshot()
    {
        await SubmitAndCancelAsync();
        var lane = Assert.Single(_lanes.Of("default"));
        using var reader = SqliteDatabase.OpenReader(_host.Folder);
        reader.Prepared(SqliteSql.BeginRead).Run();
        Assert.Equal(1, reader.ReadLong("SELECT count(*) FROM tasks"));
        Assert.Equal(1, await RunAsync(transaction => transaction.Run(new RetentionOperation(TimeSpan.Zero, 10))));

        Assert.Empty(_lanes.All);
        Assert.Equal("default", _lanes.ById(lane.Id, reader).Queue);
    }

    private Task<T> RunAsync<T>(Func<SqliteWriteTransaction, T> verb) => _writer.RunAsync(Admission.Progress, verb);

    private async Task<TaskId> SubmitAndCancelAsync()
    {
        var id = (await RunAsync(transaction => transaction.Run(new SubmitOperation(Small)))).Ids[0];
        await RunAsync(transaction => transaction.Run(new ApplyOperation([new(id, TaskCommand.Cancel.Instance)])));
        return id;
    }
}
