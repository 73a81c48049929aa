using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

/// <summary>Backup, restore and check, by the binary, on the store of a coordinator at work.</summary>
[Trait("Store", "sqlite")]
public sealed class StoreCommandTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("weft-e2e-");

    private string Backup => Path.Combine(folder.FullName, "backup.db");

    private string Restored => Path.Combine(folder.FullName, "restored");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task ABackupOfACoordinatorAtWork_IsRestored()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await coordinator.Wire.SubmitAsync("""{"n":1}""");
        await coordinator.Wire.SubmitAsync("""{"n":2}""");

        AssertOk(await WeftBinary.RunAsync("backup", Backup, "--data", coordinator.DataFolder), "2 tasks");
        AssertOk(await WeftBinary.RunAsync("restore", Backup, "--data", Restored), "2 tasks restored");
        AssertOk(await WeftBinary.RunAsync("check", "--data", Restored), "is sound: 2 tasks");
        AssertOk(await WeftBinary.RunAsync("check", "--data", coordinator.DataFolder), "is sound: 2 tasks");
        Assert.Equal(3, await coordinator.Wire.SubmitAsync("""{"n":3}"""));
    }

    // What SQLite's addresses give a meaning to, and .NET's.
    [Theory]
    [InlineData("per%41cent.db")]
    [InlineData("per%cent.db")]
    [InlineData("ha#sh.db")]
    [InlineData("que?ry.db")]
    [InlineData("back\\slash.db")]
    [InlineData("file:x.db")]
    [InlineData("ü ñ+&.db")]
    public async Task ABackup_MayHaveAnyName(string name)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await coordinator.Wire.SubmitAsync("{}");
        var backup =
            Path.Combine(Directory.CreateDirectory(Path.Combine(folder.FullName, $"in {name}")).FullName, name);
        AssertOk(await WeftBinary.RunAsync("backup", backup, "--data", coordinator.DataFolder), $"{backup}: 1 task, ");
        AssertOk(await WeftBinary.RunAsync("restore", backup, "--data", Restored), "1 task restored");
        AssertOk(await WeftBinary.RunAsync("check", "--data", Restored), "is sound: 1 task.");
    }

    [Fact]
    public async Task AFolderThatTheSettingsFileNames_IsSaid()
    {
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "weft.json"), """{"data":"there"}""",
            TestContext.Current.CancellationToken);
        var result = await Command.RunAsync(WeftBinary.Describe(folder.FullName, "check"), Eventually.Max);
        Assert.StartsWith($"weft: Using the data folder there, from {folder.FullName}/weft.json.\n", result.Error,
            StringComparison.Ordinal);
        Assert.DoesNotContain("weft.json",
            (await Command.RunAsync(WeftBinary.Describe(folder.FullName, "check", "--data", "here"),
            Eventually.Max)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_OfACommandThatMakesNoFolder_DoesNotSayThatItDoes()
    {
        Assert.DoesNotContain("created if", (await WeftBinary.RunAsync("backup", "--help")).Output,
            StringComparison.Ordinal);
        Assert.DoesNotContain("created if", (await WeftBinary.RunAsync("check", "--help")).Output,
            StringComparison.Ordinal);
        Assert.Contains("created if", (await WeftBinary.RunAsync("restore", "--help")).Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADamagedStore_IsRefused_LeftAsItIs_AndExplained()
    {
        string data;
        await using (var coordinator = await CoordinatorProcess.StartNewAsync())
        {
            await coordinator.Wire.SubmitAsync("{}");
            AssertOk(await WeftBinary.RunAsync("backup", Backup, "--data", coordinator.DataFolder), "1 task, ");
            data = Directory.CreateDirectory(Path.Combine(folder.FullName, "data")).FullName;
            File.Copy(Backup, Path.Combine(data, "weft.db"));
        }

        var database = Path.Combine(data, "weft.db");
        var bytes = await File.ReadAllBytesAsync(database, TestContext.Current.CancellationToken);
        bytes.AsSpan(8_192).Fill(0xAA);
        await File.WriteAllBytesAsync(database, bytes, TestContext.Current.CancellationToken);

        AssertRefused(await WeftBinary.RunAsync("serve", "--port", "0", "--data", data), "weft check");
        AssertRefused(await WeftBinary.RunAsync("check", "--data", data), "is damaged");
        AssertRefused(await WeftBinary.RunAsync("restore", database, "--data", Restored), "not a complete backup");
        Assert.Equal(bytes, await File.ReadAllBytesAsync(database, TestContext.Current.CancellationToken));
        Assert.False(Directory.Exists(Restored));
    }

    [Theory]
    [InlineData("backup", "x.db")]
    [InlineData("check")]
    public async Task AStoreInPostgres_IsLeftToItsOwnTools(params string[] command)
    {
        var start = WeftBinary.Describe(folder.FullName, command);
        start.Environment["WEFT_STORE"] = "Host=db;Password=hunter2";
        AssertRefused(await Command.RunAsync(start, Eventually.Max), "docs/operations.md");
        Assert.Empty(folder.EnumerateFileSystemInfos());
    }

    private static void AssertOk(CommandResult result, string says)
    {
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains(says, result.Output, StringComparison.Ordinal);
    }

    private static void AssertRefused(CommandResult result, string says)
    {
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(says, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd().Split('\n'));
    }
}
