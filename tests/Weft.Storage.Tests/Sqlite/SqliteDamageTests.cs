using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Sqlite;

namespace Weft.Storage.Tests.Sqlite;

/// <summary>
/// A database that is damaged: refused at the start and left as it is, and given up when the damage shows later.
/// </summary>
public sealed class SqliteDamageTests : IAsyncDisposable
{
    private const int PageBytes = 4_096;
    private readonly SqliteStoreHost _host = new();

    private string DatabasePath => Path.Combine(_host.Folder, SqliteDatabase.FileName);

    private string LogPath => DatabasePath + "-wal";

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Open_OfATruncatedDatabase_IsRefusedAndChangesNothing()
    {
        await StoreTasksAsync(100);
        await using (var file = File.OpenWrite(DatabasePath)) file.SetLength(file.Length / 2 / PageBytes * PageBytes);
        await AssertRefusedAsIsAsync("malformed");
    }

    [Fact]
    public async Task Open_WithDamagedTasks_IsRefusedAndChangesNothing()
    {
        await StoreTasksAsync(100);
        await OverwriteAsync(await PageOfAsync("tasks"));
        await AssertRefusedAsIsAsync("malformed");
    }

    [Fact]
    public async Task Open_WithADamagedDatabaseAndALogFromACrash_LeavesBoth()
    {
        var page = await CrashAsync();
        await OverwriteAsync(page);
        Assert.True(new FileInfo(LogPath).Length > 0, "The crash left no log.");
        await AssertRefusedAsIsAsync("malformed");
    }

    [Fact]
    public async Task Open_WithALogButNoDatabase_IsRefused_SinceSQLiteWouldThrowTheLogAway()
    {
        await CrashAsync();
        File.Delete(DatabasePath);
        await AssertRefusedAsIsAsync("is missing or empty, but its log");
        Assert.False(File.Exists(DatabasePath));
    }

    [Fact]
    public async Task Open_AfterACrash_SettlesTheLogBeforeAnybodyIsAnswered()
    {
        await CrashAsync();
        await using var store = SqliteTaskStore.Open(_host.Options());
        Assert.Equal(0, new FileInfo(LogPath).Length);
        Assert.NotNull(await store.FindAsync(new(1), TaskParts.Payload));
    }

    [Fact]
    public async Task Open_WithNumbersThatContradictEachOther_IsRefused()
    {
        await StoreTasksAsync(1);
        using (var file = new SqliteFile(_host.Folder)) file.Connection.Execute("DELETE FROM lanes");
        var exception = Assert.Throws<StoreException>(() => SqliteTaskStore.Open(_host.Options()));
        Assert.Equal(StoreErrorKind.Unusable, exception.Kind);
    }

    [Fact]
    public async Task ReadOfADamagedPage_EndsTheStore()
    {
        await StoreTasksAsync(2_000);
        await using var store = SqliteTaskStore.Open(_host.Options());
        await OverwriteAsync(await PageOfAsync("payloads", inTheMiddle: true));
        var exception = await Assert.ThrowsAsync<StoreException>(async () =>
        {
            for (var id = 1; id <= 2_000; id++) await store.FindAsync(new(id), TaskParts.Payload);
        });
        Assert.Equal(StoreErrorKind.Unavailable, exception.Kind);
        var end =
            await Assert.ThrowsAsync<StoreException>(() =>
                store.Ended.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System,
                    TestContext.Current.CancellationToken));
        Assert.Contains("is damaged", end.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreException>(() => store.SubmitAsync(new([new() { Payload = Payload }])));
    }

    private static Payload Payload => new("{}"u8.ToArray(), IsJson: true);

    private async Task StoreTasksAsync(int count)
    {
        await using var store = SqliteTaskStore.Open(_host.Options());
        await store.SubmitAsync(
            new([.. Enumerable.Range(0, count).Select(static _ => new NewTask { Payload = Payload })]));
    }

    /// <summary>
    /// Leaves the files as a killed coordinator does: with a log that was not copied. Answers a page that the log
    /// doesn't hold.
    /// </summary>
    private async Task<long> CrashAsync()
    {
        await StoreTasksAsync(100);
        var page = await PageOfAsync("lanes");
        var alive = SqliteTaskStore.Open(_host.Options());
        await alive.SubmitAsync(new([new NewTask { Payload = Payload }]));
        var files = new[] { DatabasePath, LogPath };
        foreach (var file in files) File.Copy(file, file + ".crash");
        await alive.DisposeAsync();
        foreach (var file in files) File.Move(file + ".crash", file, overwrite: true);
        File.Delete(DatabasePath + "-shm");
        return page;
    }

    private async Task<long> PageOfAsync(string table, bool inTheMiddle = false)
    {
        if (!inTheMiddle)
        {
            using var schema = new SqliteFile(_host.Folder);
            return schema.Connection.ReadLong($"SELECT rootpage FROM sqlite_schema WHERE name = '{table}'");
        }

        // A leaf that no look at the ends of the table meets: found by what the file holds of the middle task.
        var bytes = await File.ReadAllBytesAsync(DatabasePath, TestContext.Current.CancellationToken);
        var leaves = Enumerable.Range(1, bytes.Length / PageBytes - 1)
            .Where(page =>
                bytes[page * PageBytes] == 13 && bytes.AsSpan(page * PageBytes, PageBytes).IndexOf("{}{}"u8) < 0
            && bytes.AsSpan(page * PageBytes, PageBytes).Count("{}"u8) > 100).ToList();
        return leaves[leaves.Count / 2] + 1;
    }

    private async Task OverwriteAsync(long page)
    {
        await using var file = new FileStream(DatabasePath, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.Position = (page - 1) * PageBytes;
        await file.WriteAsync(Enumerable.Repeat((byte)0xAA, PageBytes).ToArray(),
            TestContext.Current.CancellationToken);
    }

    private async Task AssertRefusedAsIsAsync(string because)
    {
        var before = await ContentAsync();
        var exception = Assert.Throws<StoreException>(() => SqliteTaskStore.Open(_host.Options()));
        Assert.Equal(StoreErrorKind.Unusable, exception.Kind);
        Assert.Contains(because, exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, await ContentAsync());
    }

    private async Task<string> ContentAsync()
    {
        var hashes = new List<string>();
        // SQLite puts an empty log beside what it opens.
        foreach (var file in new[] { DatabasePath,
            LogPath }.Where(static file => new FileInfo(file) is { Exists: true, Length: > 0 }))
        {
            hashes.Add(
                Convert.ToHexString(
                    System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(file,
                        TestContext.Current.CancellationToken))));
        }

        return string.Join(' ', hashes);
    }
}
