using Weft.Core.Storage;
using Weft.Storage.Sqlite;

namespace Weft.Storage.Tests.Sqlite;

public sealed class SqliteHealthTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weft-storage-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task OpenStore_IsHealthy_AndAClosedOneIsNot()
    {
        var store = SqliteTaskStore.Open(new() { Folder = _folder.FullName });
        Assert.Null(await store.CheckHealthAsync());
        await store.DisposeAsync();
        Assert.Equal(StoreErrorKind.Unavailable, (await store.CheckHealthAsync())?.Kind);
    }

    [Fact]
    public void Room_IsThere_UntilACommitFoundNone_AndAgainWhenAFileCanBeWritten()
    {
        var room = new SqliteDiskSpaceProbe(Path.Combine(_folder.FullName, "later"));
        Assert.True(room.HasSpace());
        room.ReportFull();
        Assert.False(room.HasSpace());
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "later"));
        Assert.True(room.HasSpace());
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_folder.FullName, "later")));
    }
}
