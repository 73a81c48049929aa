using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Sqlite;

namespace Weft.Storage.Tests.Sqlite;

public sealed class SqliteLoadTests : IAsyncDisposable
{
    private static readonly Submission One = new([new() { Payload = new("{}"u8.ToArray(), IsJson: true) }]);

    private readonly SqliteStoreHost _host = new();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task FullQueue_TurnsSubmitsAwayBeforeSettles()
    {
        await using var store = SqliteTaskStore.Open(_host.Options(queueMax: 8));
        Task[] submits, settles;
        Task settle;
        using (var other = new SqliteFile(_host.Folder))
        {
            // While another program holds the file, the writer waits and the queue fills.
            other.Connection.Execute("BEGIN IMMEDIATE");
            submits = [.. Enumerable.Range(0, 100).Select(_ => store.SubmitAsync(One))];
            await AssertOneIsTurnedAwayAsync(submits);
            settle = store.SweepAsync(1);
            settles =
                [.. Enumerable.Range(0, 100).Select(_ => store.ApplyAsync([new(new(1), TaskCommand.Cancel.Instance)]))];
            await AssertOneIsTurnedAwayAsync(settles);
        }

        await settle;
        foreach (var answer in submits.Concat(settles))
        {
            if (await Record.ExceptionAsync(() => answer) is { } exception) AssertOverloaded(exception);
        }

        await store.SubmitAsync(One);
    }

    [Fact]
    public async Task Dispose_FinishesWhatWasQueuedAndLeavesAnEmptyLog()
    {
        var store = SqliteTaskStore.Open(_host.Options());
        var submits = Enumerable.Range(0, 500).Select(_ => store.SubmitAsync(One)).ToArray();
        await store.DisposeAsync();
        await Task.WhenAll(submits);
        var log = new FileInfo(Path.Combine(_host.Folder, SqliteDatabase.FileName + "-wal"));
        Assert.True(!log.Exists || log.Length == 0);

        await using var reopened = await _host.OpenAsync();
        Assert.Equal(500, (await reopened.CountAsync()).Sum(static queue => queue.Counts.Ready));
    }

    [Fact]
    public async Task Dispose_WhileReadsRun_WaitsForThem()
    {
        var store = SqliteTaskStore.Open(_host.Options());
        await store.SubmitAsync(One);
        var reads =
            Enumerable.Range(0, 200).Select(_ => Task.Run(() => store.FindAsync(new(1), TaskParts.Payload))).ToArray();
        await store.DisposeAsync();
        foreach (var read in reads)
        {
            // A read that came too late is told so; none fails in another way.
            var exception = await Record.ExceptionAsync(() => read);
            Assert.True(exception is null or StoreException { Kind: StoreErrorKind.Unavailable },
                exception?.ToString());
        }
    }

    [Fact]
    public async Task ClosedStore_SaysSo()
    {
        var store = SqliteTaskStore.Open(_host.Options());
        await store.SubmitAsync(One);
        await store.DisposeAsync();
        foreach (var verb in (Func<Task>[])[() => store.SubmitAsync(One), () => store.SweepAsync(1),
            () => store.FindAsync(new(1), TaskParts.Record), store.CountAsync])
        {
            Assert.Equal(StoreErrorKind.Unavailable, (await Assert.ThrowsAsync<StoreException>(verb)).Kind);
        }

        await store.DisposeAsync();
    }

    [Fact]
    public async Task Store_LeftWithoutClosing_IsWholeAfterwards()
    {
        // A copy of the files while the store is open is what a power cut leaves behind.
        await using var copy = new SqliteStoreHost();
        await using (var store = SqliteTaskStore.Open(_host.Options()))
        {
            for (var i = 0; i < 20; i++) await store.SubmitAsync(One);
            await store.ClaimAsync(new() { WorkerId = "worker", Max = 5 });
            foreach (var file in Directory.GetFiles(_host.Folder, SqliteDatabase.FileName + "*"))
                File.Copy(file, Path.Combine(copy.Folder, Path.GetFileName(file)));
        }

        await using (var recovered = await copy.OpenAsync())
        {
            Assert.Equal(new StateCounts { Ready = 15, Leased = 5 },
                Assert.Single(await recovered.CountAsync()).Counts);
        }

        copy.AssertSound();
    }

    /// <summary>While the file is held, only what is turned away is answered.</summary>
    private static async Task AssertOneIsTurnedAwayAsync(Task[] answers)
    {
        var first = await Task.WhenAny(answers);
        AssertOverloaded(await Record.ExceptionAsync(() => first));
    }

    private static void AssertOverloaded(Exception? exception) =>
        Assert.Equal(StoreErrorKind.Overloaded, Assert.IsType<StoreException>(exception).Kind);
}
