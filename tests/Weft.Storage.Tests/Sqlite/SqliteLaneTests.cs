using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Sqlite;
using Weft.Storage.Sqlite.Verbs;

namespace Weft.Storage.Tests.Sqlite;

/// <summary>Lanes in memory, beside those in the database.</summary>
public sealed class SqliteLaneTests : IAsyncDisposable
{
    private static readonly Submission Small = new([new() { Payload = new("{}"u8.ToArray(), IsJson: true) }]);

    private readonly SqliteStoreHost _host = new();
    private readonly SqliteLanes _lanes = new();
    private readonly SqliteWriter _writer;

    public SqliteLaneTests() => _writer = new(SqliteDatabase.OpenWriter(_host.Folder), _lanes, new(), _host.Options());

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
        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync<int>(unit =>
        {
            Assert.Equal(1, RetentionVerb.Run(unit, TimeSpan.Zero, 10));
            Assert.Empty(unit.Lanes.Of("default"));
            // The same transaction needs a lane again, and gets a new one.
            SubmitVerb.Run(unit, Small);
            throw new InvalidOperationException("a bug");
        }));

        Assert.Same(lane, Assert.Single(_lanes.Of("default")));
        Assert.False(lane.IsEmpty);
        Assert.Equal(TaskState.Cancelled, await RunAsync(unit => unit.Tasks.Find(id)!.State));
    }

    [Fact]
    public async Task Lane_FreedAndNeededAgainInOneTransaction_IsANewOne()
    {
        await SubmitAndCancelAsync();
        var old = Assert.Single(_lanes.Of("default"));
        await RunAsync(unit => (RetentionVerb.Run(unit, TimeSpan.Zero, 10), SubmitVerb.Run(unit, Small)));
        var added = Assert.Single(_lanes.Of("default"));
        Assert.NotEqual(old.Id, added.Id);
        Assert.Equal(1, added.Ready);
    }

    [Fact]
    public async Task Lane_FreedWhileAReaderHasAnOlderSnapshot_IsReadFromThatSnapshot()
    {
        var id = await SubmitAndCancelAsync();
        using var reader = SqliteDatabase.OpenReader(_host.Folder);
        reader.Prepared(SqliteSql.BeginRead).Run();
        Assert.Equal(1, reader.ReadLong("SELECT count(*) FROM tasks"));
        Assert.Equal(1, await RunAsync(unit => RetentionVerb.Run(unit, TimeSpan.Zero, 10)));

        var found = new SqliteReads(_lanes).Find(reader, (id, TaskParts.Record));
        Assert.Equal("default", found!.Task.Queue);
        Assert.Empty(_lanes.All);
    }

    private Task<T> RunAsync<T>(Func<SqliteUnit, T> verb) => _writer.RunAsync(SqliteUrgency.Settle, verb);

    private async Task<TaskId> SubmitAndCancelAsync()
    {
        var id = (await RunAsync(unit => SubmitVerb.Run(unit, Small))).Ids[0];
        await RunAsync(unit => ApplyVerb.Run(unit, [new(id, TaskCommand.Cancel.Instance)]));
        return id;
    }
}
