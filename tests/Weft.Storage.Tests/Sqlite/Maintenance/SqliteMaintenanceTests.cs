using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Sqlite;
using Weft.Storage.Sqlite.Maintenance;
using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Tests.Sqlite.Maintenance;

public sealed class SqliteMaintenanceTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weft-storage-");

    private string Data => Path.Combine(_folder.FullName, "data");

    private string Backup => Path.Combine(_folder.FullName, "backup.db");

    private string Restored => Path.Combine(_folder.FullName, "restored");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task BackupOfAStoreAtWork_RestoresAsItWas()
    {
        await using var store = SqliteTaskStore.Open(new() { Folder = Data });
        await FillAsync(store);
        Assert.Equal(3, SqliteBackup.Create(Data, Backup).Tasks);
        await store.SubmitAsync(new([New("4")]));

        Assert.Equal(3, SqliteBackup.Restore(Backup, Restored).Tasks);
        await using var copy = SqliteTaskStore.Open(new() { Folder = Restored });
        var completed = await copy.FindAsync(new(1), TaskParts.Payload | TaskParts.Result);
        Assert.Equal(TaskState.Completed, completed!.Task.State);
        Assert.Equal("\"done\""u8, completed.Result!.Value.Span);
        Assert.Null(await copy.FindAsync(new(4), TaskParts.Record));
        Assert.Equal(new TaskId(4), (await copy.SubmitAsync(new([New("new")]))).Ids[0]);
    }

    [Fact]
    public async Task RestoredStore_GivesSpaceBack_AsANewOneDoes()
    {
        await MakeAsync();
        SqliteBackup.Create(Data, Backup);
        SqliteBackup.Restore(Backup, Restored);
        await SqliteTaskStore.Open(new() { Folder = Restored }).DisposeAsync();
        using var file = new SqliteFile(Restored);
        Assert.Equal(2, file.Connection.ReadLong("PRAGMA auto_vacuum"));
        Assert.Equal("wal", file.ReadText("PRAGMA journal_mode"));
    }

    [Fact]
    public async Task Backup_LeavesNothingOfAnEarlierOneThatFailed()
    {
        await MakeAsync();
        foreach (var rest in (string[])[".partial", ".partial-journal"])
            await File.WriteAllTextAsync(Backup + rest, "", TestContext.Current.CancellationToken);
        SqliteBackup.Create(Data, Backup);
        Assert.Equal([Backup], Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public async Task Backup_ToAFileThatAnotherBackupWrites_IsRefused_AndLeavesThatAlone()
    {
        await MakeAsync();
        await using (var other =
            new FileStream(Backup + ".partial", FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            AssertRefused("is being written by another backup", () => SqliteBackup.Create(Data, Backup));
            Assert.Equal([Backup + ".partial"], Directory.GetFiles(_folder.FullName));
        }

        SqliteBackup.Create(Data, Backup);
        Assert.Equal([Backup], Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public async Task Backup_NeverOverwrites()
    {
        await MakeAsync();
        await File.WriteAllTextAsync(Backup, "precious", TestContext.Current.CancellationToken);
        AssertRefused("already exists", () => SqliteBackup.Create(Data, Backup));
        Assert.Equal("precious", await File.ReadAllTextAsync(Backup, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("")]
    [InlineData("PRAGMA auto_vacuum = INCREMENTAL")]
    [InlineData("PRAGMA application_id = 0x57656674; PRAGMA journal_mode = WAL")]
    public async Task StoreWhoseMakingWasCutShort_IsSound_AndTheCoordinatorGoesOn(string made)
    {
        Make(made);
        Assert.Equal((0, true), (SqliteCheck.RunOnFolder(Data).Tasks, SqliteCheck.RunOnFolder(Data).IsSound));
        await MakeAsync();
        Assert.True(SqliteCheck.RunOnFolder(Data) is { IsSound: true, Tasks: > 0 });
    }

    [Theory]
    [InlineData("CREATE TABLE theirs (a)", "is not a Weft database")]
    [InlineData("PRAGMA application_id = 0x57656674; CREATE TABLE tasks (a)", null)]
    public void StoreWithTablesThatAreNotOurs_IsNotSound(string made, string? refusal)
    {
        Make(made);
        if (refusal is not null) AssertRefused(refusal, () => SqliteCheck.RunOnFolder(Data));
        else Assert.False(SqliteCheck.RunOnFolder(Data).IsSound);
    }

    [Fact]
    public async Task LogWhoseDatabaseIsGone_IsRefused_AndLeftAsItIs()
    {
        Directory.CreateDirectory(Data);
        var database = Path.Combine(Data, SqliteDatabase.FileName);
        await File.WriteAllBytesAsync(database, [], TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(database + "-wal", "precious", TestContext.Current.CancellationToken);
        AssertRefused("missing or empty", () => SqliteCheck.RunOnFolder(Data));
        AssertRefused("missing or empty", () => SqliteBackup.Create(Data, Backup));
        Assert.Equal("precious", await File.ReadAllTextAsync(database + "-wal", TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Backup_OfNothing_IsRefusedAndLeavesNothing()
    {
        AssertRefused("There is no database", () => SqliteBackup.Create(Data, Backup));
        Assert.Empty(_folder.EnumerateFileSystemInfos());
    }

    [Fact]
    public async Task Backup_IntoAFolderThatIsNotThere_IsRefused()
    {
        await MakeAsync();
        AssertRefused("can't be written",
            () => SqliteBackup.Create(Data, Path.Combine(_folder.FullName, "no", "backup.db")));
    }

    [Fact]
    public async Task Backup_OfContradictions_IsRefusedAndLeavesNothing()
    {
        await MakeAsync();
        using (var file = new SqliteFile(Data)) file.Connection.Execute("DELETE FROM payloads WHERE task = 2");
        AssertRefused("damaged", () => SqliteBackup.Create(Data, Backup));
        Assert.Equal([Data], _folder.EnumerateFileSystemInfos().Select(static entry => entry.FullName));
    }

    [Fact]
    public async Task Restore_IntoAFolderThatHoldsSomething_IsRefused()
    {
        await MakeAsync();
        SqliteBackup.Create(Data, Backup);
        AssertRefused("not empty", () => SqliteBackup.Restore(Backup, Data));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.999)]
    [InlineData(0)]
    public async Task Restore_OfAPartOfABackup_IsRefusedAndLeavesNothing(double part)
    {
        await MakeAsync();
        SqliteBackup.Create(Data, Backup);
        await using (var file = File.OpenWrite(Backup)) file.SetLength((long)(file.Length * part));
        AssertRefused("backup.db", () => SqliteBackup.Restore(Backup, Restored));
        Assert.False(Directory.Exists(Restored));
    }

    [Fact]
    public async Task Restore_OfALiveStoresFile_IsRefused_SinceItsLogIsMissing()
    {
        await using var store = SqliteTaskStore.Open(new() { Folder = Data });
        await FillAsync(store);
        AssertRefused("its log is next to it",
            () => SqliteBackup.Restore(Path.Combine(Data, SqliteDatabase.FileName), Restored));
    }

    [Theory]
    [InlineData("UPDATE counts SET tasks = tasks + 1 WHERE state = 1", "counts of tasks")]
    [InlineData("DELETE FROM counts", "not counted")]
    [InlineData("UPDATE groups SET completed = completed + 1", "groups")]
    [InlineData("DELETE FROM groups", "group that doesn't exist")]
    [InlineData("UPDATE tasks SET lane = 77 WHERE id = 1", "lane that doesn't exist")]
    [InlineData("UPDATE tasks SET state = 9 WHERE id = 1", "state that doesn't exist")]
    [InlineData("DELETE FROM payloads WHERE task = 3", "without a payload")]
    [InlineData("INSERT INTO payloads (task, is_json, body) VALUES (99, 1, x'7b7d')", "payloads without")]
    [InlineData("DELETE FROM results", "without a result")]
    [InlineData("INSERT INTO results (task, body) VALUES (2, x'31')", "not completed")]
    [InlineData("INSERT INTO checkpoints (task, body) VALUES (99, x'31')", "checkpoints")]
    [InlineData("INSERT INTO errors (task, text) VALUES (99, 'e')", "errors")]
    [InlineData("INSERT INTO attempts (task, attempt, worker, claimed_at, ended_at, outcome) VALUES (99, 1, 'w', 1, " +
        "2, 1)", "attempts without a task")]
    [InlineData("INSERT INTO attempts (task, attempt, worker, claimed_at, ended_at, outcome) VALUES (1, 9, 'w', 1, " +
        "2, 1)", "claimed so often")]
    [InlineData("UPDATE tasks SET finished_at = NULL WHERE id = 1", "finish time")]
    [InlineData("UPDATE tasks SET state = 2 WHERE id = 2", "leased tasks without")]
    [InlineData("UPDATE tasks SET state = 0 WHERE id = 2", "no sweep")]
    [InlineData("INSERT INTO idempotency_keys (key, fingerprint, first_task, tasks) VALUES ('k', x'00', 99, 1)",
        "idempotency keys")]
    [InlineData("INSERT INTO owner_counts (owner, tasks, payload_bytes, stored_bytes) VALUES (9, 1, 5, 0)",
        "unfinished tasks are not")]
    [InlineData("INSERT INTO owner_counts (owner, tasks, payload_bytes, stored_bytes) VALUES (9, 0, 0, 261)",
        "stored bytes are not")]
    [InlineData("INSERT INTO module_owners (module, owner) VALUES (99, 1)", "owners of modules")]
    [InlineData("UPDATE sequences SET last = 1 WHERE name = 'tasks'", "last one given out")]
    [InlineData(
        "INSERT INTO standings VALUES (1, 'q', 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0)", "not what they have answered")]
    [InlineData(
        "INSERT INTO standings VALUES (1, 'q', 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 1, 0)", "not as many answers wait")]
    [InlineData("INSERT INTO standings VALUES (1, 'q', 0, 0, 2, 0, 0, 0, 1, 1, 0, 0, 0, 0)", "is worth too much")]
    [InlineData(
        "INSERT INTO answers SELECT min(id), 0, 1, 0, 0, x'00', x'00', 0, 0, 1, 1, NULL, 0 FROM tasks",
        "answered and have no standing")]
    [InlineData("INSERT INTO corrections (task, told, at) VALUES (99, x'00', 0)", "corrections of tasks")]
    public async Task Check_FindsEachContradiction(string damage, string finding)
    {
        await MakeAsync();
        Assert.True(SqliteCheck.RunOnFolder(Data).IsSound);
        using (var file = new SqliteFile(Data)) file.Connection.Execute(damage);
        Assert.Contains(SqliteCheck.RunOnFolder(Data).Findings,
            line => line.Contains(finding, StringComparison.Ordinal));
    }

    private void Make(string sql)
    {
        Directory.CreateDirectory(Data);
        using var connection = new SqliteConnection(Path.Combine(Data, SqliteDatabase.FileName),
            SqliteNative.OpenReadWrite | SqliteNative.OpenCreate);
        connection.Execute(sql);
    }

    private static NewTask New(string text, GroupId? group = null) =>
        new() { Payload = new(System.Text.Encoding.UTF8.GetBytes($"\"{text}\""), IsJson: true), Group = group };

    private static async Task FillAsync(SqliteTaskStore store)
    {
        var group = (await store.CreateGroupAsync("group"))!.Value;
        await store.SubmitAsync(new([New("1", group), New("2"), New("3")]));
        Assert.Equal([Refusal.None],
            await store.ApplyAsync([new(new(1), new TaskCommand.Complete(null, "\"done\""u8.ToArray()))]));
    }

    private static void AssertRefused(string because, Action action)
    {
        var exception = Assert.Throws<StoreException>(action);
        Assert.Contains(because, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    private async Task MakeAsync()
    {
        await using var store = SqliteTaskStore.Open(new() { Folder = Data });
        await FillAsync(store);
    }
}
