using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Sqlite;

namespace Weft.Storage.Tests.Sqlite;

public sealed class SqliteSpaceTests : IAsyncDisposable
{
    private const int CheckpointPages = 50;
    private const int FrameBytes = 4_096 + 24;
    private const int TaskPages = 25;

    private static readonly NewTask Large = new() { Payload = new(new byte[TaskPages * 4_096], IsJson: false) };

    private readonly SqliteStoreHost _host = new();

    private long LogBytes =>
        new FileInfo(Path.Combine(_host.Folder, SqliteDatabase.FileName + "-wal")) is { Exists: true } log ? log.Length
            : 0;

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Log_WithoutLongReads_StaysShort()
    {
        await using var store = Open();
        await SubmitAsync(store, 100);
        Assert.InRange(LogBytes, 1, (CheckpointPages + 3 * TaskPages) * FrameBytes);
    }

    [Fact]
    public async Task Log_AfterALongRead_GrowsNoFurther()
    {
        await using var store = Open();
        using (var read = StartRead())
        {
            while (LogBytes < 2 * CheckpointPages * FrameBytes) await SubmitAsync(store, 1);
        }

        await SubmitAsync(store, 100);
        Assert.InRange(LogBytes, 1, (4 * CheckpointPages + 3 * TaskPages) * FrameBytes);
    }

    [Fact]
    public async Task Log_AfterAReadThatMadeItFarTooLong_IsCutOff()
    {
        await using var store = Open();
        using (var read = StartRead())
        {
            while (LogBytes < 4 * CheckpointPages * FrameBytes) await SubmitAsync(store, 1);
        }

        await SubmitAsync(store, 2);
        Assert.InRange(LogBytes, 0, 4 * TaskPages * FrameBytes);
    }

    [Fact]
    public async Task Database_OverRoundsOfFillingAndDeleting_StaysTheSameSize()
    {
        var sizes = new List<long>();
        for (var round = 0; round < 4; round++)
        {
            await using (var store = Open())
            {
                await SubmitAsync(store, 40);
                Assert.Equal(40,
                    (await store.CancelAsync(CancelSelection.WaitingIn(Limits.QueueDefault), 1_000)).Cancelled);
                Assert.Equal(40, await store.DeleteFinishedAsync(TimeSpan.Zero, 1_000));
            }

            sizes.Add(new FileInfo(Path.Combine(_host.Folder, SqliteDatabase.FileName)).Length);
        }

        Assert.All(sizes, size => Assert.InRange(size, 1, sizes[0] + 10 * 4_096));
    }

    private SqliteTaskStore Open() => SqliteTaskStore.Open(_host.Options(checkpointPages: CheckpointPages));

    private SqliteFile StartRead()
    {
        var file = new SqliteFile(_host.Folder);
        file.Connection.Execute("BEGIN; SELECT count(*) FROM tasks");
        return file;
    }

    private static async Task SubmitAsync(SqliteTaskStore store, int count)
    {
        for (var i = 0; i < count; i++) await store.SubmitAsync(new([Large]));
    }
}
