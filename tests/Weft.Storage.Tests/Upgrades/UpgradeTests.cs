using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Postgres;
using Weft.Storage.Sqlite;
using Weft.Storage.Sqlite.Native;
using Weft.Storage.Tests.Sqlite;
using Weft.Testing.Postgres;

namespace Weft.Storage.Tests.Upgrades;

/// <summary>Stores whose schema is the newest from before the first release, with tasks in them.</summary>
public sealed class UpgradeTests
{
    [Fact]
    public async Task Sqlite_GoesOnWithWhatItHolds()
    {
        await using var host = new SqliteStoreHost();
        Write(host.Folder, Script("sqlite-008.sql"));
        await using (var store = await host.OpenAsync()) await AssertGoesOnAsync(store);
        host.AssertSound();
    }

    [Fact]
    public async Task Sqlite_HasTheSchemaOfANewOne()
    {
        await using var upgraded = new SqliteStoreHost();
        Write(upgraded.Folder, Script("sqlite-008.sql"));
        await using var made = new SqliteStoreHost();
        await (await upgraded.OpenAsync()).DisposeAsync();
        await (await made.OpenAsync()).DisposeAsync();
        Assert.Equal(StoreSchemas.Read(made.Folder), StoreSchemas.Read(upgraded.Folder));
    }

    [Fact]
    public async Task Sqlite_OfAnEarlierSchema_IsRefusedInASentence()
    {
        await using var host = new SqliteStoreHost();
        Write(host.Folder,
            Script("sqlite-008.sql").Replace("user_version = 8", "user_version = 7", StringComparison.Ordinal));
        var refused = await Assert.ThrowsAsync<StoreException>(host.OpenAsync);
        Assert.Contains("older than its first release (schema 7", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Postgres_GoesOnWithWhatItHolds_AndHasTheSchemaOfANewOne()
    {
        var server = await PostgresFixture.ServerAsync();
        string upgraded = await server.CreateDatabaseAsync(), made = await server.CreateDatabaseAsync();
        await StoreSchemas.ExecuteAsync(upgraded, Script("postgres-011.sql"));
        await using (var store = await PostgresTaskStore.OpenAsync(new() { ConnectionString = upgraded }))
            await AssertGoesOnAsync(store);
        await (await PostgresTaskStore.OpenAsync(new() { ConnectionString = made })).DisposeAsync();
        Assert.Empty(PostgresContradictions.Find(upgraded));
        Assert.Equal(await StoreSchemas.ReadAsync(made), await StoreSchemas.ReadAsync(upgraded));
    }

    [Fact]
    public async Task Postgres_OfAnEarlierSchema_IsRefusedInASentence()
    {
        var database = await (await PostgresFixture.ServerAsync()).CreateDatabaseAsync();
        await StoreSchemas.ExecuteAsync(database,
            "CREATE TABLE weft_schema (version int NOT NULL); INSERT INTO weft_schema VALUES (10)");
        var refused =
            await Assert.ThrowsAsync<StoreException>(() =>
                PostgresTaskStore.OpenAsync(new() { ConnectionString = database }));
        Assert.Contains("older than its first release (schema 10", refused.Message, StringComparison.Ordinal);
    }

    private static async Task AssertGoesOnAsync(ITaskStore store)
    {
        Assert.Equal("2"u8.ToArray(), (await store.FindAsync(new(2), TaskParts.Result))!.Result!.Value.ToArray());
        Assert.Equal(new StateCounts { Ready = 1, Completed = 1 }, (await store.FindGroupAsync(new(1)))!.Counts);
        var claimed = Assert.Single(await store.ClaimAsync(new() { WorkerId = "w" }));
        Assert.Equal(new TaskId(1), claimed.Task.Id);
        var done = new TaskCommand.Complete(claimed.Task.Lease!.Token, "1"u8.ToArray());
        Assert.Equal(Refusal.None, Assert.Single(await store.ApplyAsync([new(claimed.Task.Id, done)])).Refusal);
        NewTask added = new() { Payload = new("3"u8.ToArray(), IsJson: true) };
        Assert.Equal(SubmitStatus.KeyMismatch,
            (await store.SubmitAsync(new([added], new("k", new byte[] { 2 })))).Status);
        Assert.Equal([new TaskId(3)], (await store.SubmitAsync(new([added], Owner: new(1)))).Ids);
        Assert.Equal(2, await store.DeleteFinishedAsync(TimeSpan.Zero, 10));
    }

    private static string Script(string name) =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Upgrades", name));

    private static void Write(string folder, string script)
    {
        var path = Path.Combine(folder, SqliteDatabase.FileName);
        using var connection = new SqliteConnection(path, SqliteNative.OpenReadWrite | SqliteNative.OpenCreate);
        connection.Execute(script);
    }
}
