using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Sqlite;

/// <summary>What a store that nobody uses any more keeps of the disk.</summary>
public sealed class SqliteIdleTests : IAsyncLifetime
{
    // More sweeps than an hour has of nothing to do would not be too many; these are enough for what the tests store.
    private const int Sweeps = 60;

    private readonly SqliteStoreHost _host = new();
    private ITaskStore _store = null!;

    public async ValueTask InitializeAsync() => _store = await _host.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task AnIdleStore_GivesBackWhatItsDeletedTasksTook_AndItsLog()
    {
        await FillAsync();
        var full = LengthOf("weft.db") + LengthOf("weft.db-wal");
        await EmptyAsync();
        for (var i = 0; i < Sweeps; i++) await _store.SweepAsync(Limits.SweepBatchMax);
        Assert.True(full > 8 << 20, $"The test stored {full} bytes.");
        Assert.InRange(LengthOf("weft.db"), 0, 1 << 20);
        Assert.Equal(0, LengthOf("weft.db-wal"));
        _host.AssertSound();
    }

    [Fact]
    public async Task AStoreAtWork_KeepsItsFreePagesForThat()
    {
        await FillAsync();
        await EmptyAsync();
        for (var i = 0; i < Sweeps; i++)
        {
            await _store.CreateGroupAsync(null);
            await _store.SweepAsync(Limits.SweepBatchMax);
        }

        Assert.True(LengthOf("weft.db") + LengthOf("weft.db-wal") > 8 << 20);
    }

    private async Task FillAsync()
    {
        NewTask large = new() { Payload = new(new byte[100_000], IsJson: false) };
        for (var i = 0; i < 10; i++) await _store.SubmitAsync(new([.. Enumerable.Repeat(large, 15)]));
    }

    private async Task EmptyAsync()
    {
        await _store.CancelAsync(CancelSelection.WaitingIn(Limits.QueueDefault), 1_000);
        Assert.Equal(150, await _store.DeleteFinishedAsync(TimeSpan.Zero, 1_000));
    }

    private long LengthOf(string name) =>
        new FileInfo(Path.Combine(_host.Folder, name)) is { Exists: true } file ? file.Length : 0;
}
