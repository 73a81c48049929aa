using System.IO.Compression;
using System.Text.RegularExpressions;
using Weft.Core.Matching;
using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Engine;
using Weft.Storage.Postgres;
using Weft.Storage.Sqlite;
using Weft.Storage.Sqlite.Maintenance;
using Weft.Storage.Tests.Sqlite;
using Weft.Testing.Postgres;

namespace Weft.Storage.Tests.Upgrades;

/// <summary>
/// Stores that releases wrote, with something of every kind, opened by this version: <c>Upgrades/make.sh</c> makes one
/// for each release.
/// </summary>
public sealed partial class ReleasedStoreTests
{
    public static TheoryData<string> SqliteStores => [.. Stores("sqlite-*.db.gz")];

    public static TheoryData<string> PostgresStores => [.. Stores("postgres-*.sql.gz")];

    [Theory]
    [MemberData(nameof(SqliteStores))]
    public async Task Sqlite_HoldsWhatItHeld(string file)
    {
        await using var upgraded = new SqliteStoreHost();
        await using var made = new SqliteStoreHost();
        await using (var packed = Unpack(file))
        await using (var database = File.Create(Path.Combine(upgraded.Folder, SqliteDatabase.FileName)))
            await packed.CopyToAsync(database, TestContext.Current.CancellationToken);
        await using (var store = (SqliteTaskStore)await upgraded.OpenAsync())
        {
            AssertSays(store.Upgrade, file, MigrationScripts.Read("Sqlite/"));
            await AssertHoldsAsync(store);
        }

        upgraded.AssertSound();
        await using (var again = (SqliteTaskStore)await upgraded.OpenAsync()) Assert.Null(again.Upgrade);
        await using (var store = (SqliteTaskStore)await made.OpenAsync()) Assert.Null(store.Upgrade);
        Assert.Equal(StoreSchemas.Read(made.Folder), StoreSchemas.Read(upgraded.Folder));
    }

    // Before an upgrade, whoever has the new version alone can still make a backup, and look after the old store.
    [Theory]
    [MemberData(nameof(SqliteStores))]
    public async Task Sqlite_IsCheckedAndBackedUpAndRestored_AsItWasWritten(string file)
    {
        var folder = Directory.CreateTempSubdirectory("weft-older-");
        string In(string name) => Path.Combine(folder.FullName, name);
        try
        {
            Directory.CreateDirectory(In("store"));
            await using (var packed = Unpack(file))
            await using (var database = File.Create(Path.Combine(In("store"), SqliteDatabase.FileName)))
                await packed.CopyToAsync(database, TestContext.Current.CancellationToken);

            var scripts = MigrationScripts.Read("Sqlite/");
            var schema = SchemaOf(file);
            long? older = schema < scripts[^1].Version ? schema : null;
            Assert.All(
                [SqliteCheck.RunOnFolder(In("store")), SqliteBackup.Create(In("store"), In("backup.db")),
                    SqliteBackup.Restore(In("backup.db"), In("restored"))],
                found => Assert.Equal((6, older, true), (found.Tasks, found.OlderSchema, found.IsSound)));

            await using (var backup = File.OpenWrite(In("backup.db"))) backup.SetLength(backup.Length / 2);
            Assert.Throws<StoreException>(() => SqliteBackup.Restore(In("backup.db"), In("again")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(PostgresStores))]
    public async Task Postgres_HoldsWhatItHeld(string file)
    {
        var server = await PostgresFixture.ServerAsync();
        string upgraded = await server.CreateDatabaseAsync(), made = await server.CreateDatabaseAsync();
        using (var script = new StreamReader(Unpack(file)))
            await StoreSchemas.ExecuteAsync(upgraded,
                await script.ReadToEndAsync(TestContext.Current.CancellationToken));
        await using (var store = await PostgresTaskStore.OpenAsync(new() { ConnectionString = upgraded }))
        {
            AssertSays(store.Upgrade, file, MigrationScripts.Read("Postgres/"));
            await AssertHoldsAsync(store);
        }

        Assert.Empty(PostgresContradictions.Find(upgraded));
        await using (var store = await PostgresTaskStore.OpenAsync(new() { ConnectionString = made }))
            Assert.Null(store.Upgrade);
        Assert.Equal(await StoreSchemas.ReadAsync(made), await StoreSchemas.ReadAsync(upgraded));
    }

    [Fact]
    public void ThereIsOne() => Assert.All([SqliteStores, PostgresStores], stores => Assert.NotEmpty(stores));

    private static void AssertSays(SchemaUpgrade? said, string file, IReadOnlyList<MigrationScript> scripts)
    {
        var from = SchemaOf(file);
        var missing = scripts.Where(script => script.Version > from).ToArray();
        if (missing.Length == 0) Assert.Null(said);
        else Assert.Equal((from, scripts[^1].Version, missing.Length), (said!.From, said.To, said.Steps.Count));
    }

    private static int SchemaOf(string file) =>
        int.Parse(Number().Match(file).Value, System.Globalization.CultureInfo.InvariantCulture);

    private static async Task AssertHoldsAsync(TaskStore store)
    {
        Assert.Equal(
            new StateCounts { Scheduled = 1, Ready = 1, Leased = 1, Completed = 1, Dead = 1, Cancelled = 1 },
            (await store.FindGroupAsync(new(1)))!.Counts);
        var completed = (await store.FindAsync(new(1), TaskParts.Result | TaskParts.Payload))!;
        Assert.Equal("1"u8.ToArray(), completed.Result!.Value.ToArray());
        Assert.Equal("""{"n":1}"""u8.ToArray(), completed.Payload!.Value.Bytes.ToArray());
        Assert.Equal("no", Assert.Single((await store.FindHistoryAsync(new(2)))!.Attempts).Error);
        Assert.Equal("""{"row":7}"""u8.ToArray(),
            (await store.FindAsync(new(3), TaskParts.Checkpoint))!.Checkpoint!.Value.ToArray());
        Assert.Equal(5, (await store.FindAsync(new(6), TaskParts.Record))!.Task.Priority);

        Assert.Contains("alice", (await store.Tokens.ListAsync()).Select(static token => token.Grant.Name));
        Assert.Equal(ModuleKind.Python, Assert.Single(await store.Modules.ListAsync()).Kind);
        var blob = Assert.Single(await store.Blobs.ListAsync(null, 0, 10)).Blob;
        Assert.Equal(300_000, blob.Size);
        Assert.False((await store.Modules.ReadChunkAsync(blob.Hash, 0))!.Value.Span.ContainsAnyExcept((byte)0));
        Assert.Equal("hook", Assert.Single(await store.Webhooks.ListAsync()).Order.Name);
        Assert.Equal(1, Assert.Single((await store.Bulk.ListAsync(null, null, 10)).Operations).Counts.Changed);
        Assert.Contains("queue.pause", (await store.Audit.ListAsync(null, 100)).Entries.Select(each => each.Action));
        Assert.Contains(await store.CountAsync(), queue => queue is { Queue: "paused", Paused: true });

        // It goes on: with what was ready, and with the key that was used.
        var claimed = Assert.Single(await store.ClaimAsync(
            new() { WorkerId = "w", Queues = ["squares"], Capabilities = Capabilities.TryParse(["simd"])! }));
        Assert.Equal(new TaskId(6), claimed.Task.Id);
        var done = new TaskCommand.Complete(claimed.Task.Lease!.Token, "36"u8.ToArray());
        Assert.Equal(Refusal.None, Assert.Single(await store.ApplyAsync([new(claimed.Task.Id, done)])).Refusal);
        NewTask added = new() { Payload = new("7"u8.ToArray(), IsJson: true) };
        Assert.Equal([new TaskId(7)], (await store.SubmitAsync(new([added]))).Ids);
    }

    private static GZipStream Unpack(string file) => new(
        File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Upgrades", file)), CompressionMode.Decompress);

    private static IEnumerable<string> Stores(string pattern) =>
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Upgrades"), pattern)
            .Select(static path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();
}
