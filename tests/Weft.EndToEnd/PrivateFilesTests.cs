using System.Diagnostics;
using System.Runtime.Versioning;
using Weft.EndToEnd.Cli;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd;

/// <summary>
/// What other users of the machine find of a store: nothing to read, and nothing to lock, under the usual umask.
/// </summary>
[Trait("Store", "sqlite")]
[UnsupportedOSPlatform("windows")]
public sealed class PrivateFilesTests : IDisposable
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OthersMay = UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("weft-e2e-");

    private string Data => Path.Combine(folder.FullName, "data");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task AStore_IsItsUsersAlone()
    {
        await ServeAsync(() =>
        {
            Assert.Equal(OwnerFile | UnixFileMode.UserExecute, File.GetUnixFileMode(Data));
            string[] files = Directory.GetFiles(Data);
            Assert.Superset(new HashSet<string>(["weft.db", "weft.db-wal", "weft.db-shm", "weft.lock"]),
                files.Select(Path.GetFileName).ToHashSet()!);
            Assert.All(files, AssertPrivate);
        });
    }

    [Fact]
    public async Task AFolderThatItsGroupMayWrite_AsAContainersVolume_IsUsed()
    {
        Directory.CreateDirectory(Data);
        File.SetUnixFileMode(Data, OwnerFile | UnixFileMode.UserExecute | UnixFileMode.SetGroup
            | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute);
        await ServeAsync(() => Assert.All(Directory.GetFiles(Data), AssertPrivate));
    }

    [Fact]
    public async Task AStoreThatWasOpenToOthers_IsClosedToThem()
    {
        await ServeAsync(static () => { });
        foreach (var file in Directory.GetFiles(Data)) File.SetUnixFileMode(file, OwnerFile | OthersMay);
        await ServeAsync(() => Assert.All(Directory.GetFiles(Data), AssertPrivate));
    }

    [Fact]
    public async Task ABackup_AndWhatIsRestoredOfIt_AreTheirUsersAlone()
    {
        var backup = Path.Combine(folder.FullName, "backup.db");
        await ServeAsync(static () => { });
        await RunAsync("backup", backup, "--data", Data);
        AssertPrivate(backup);
        File.SetUnixFileMode(backup, OwnerFile | OthersMay);
        await RunAsync("restore", backup, "--data", Data + "2");
        Assert.All(Directory.GetFiles(Data + "2"), AssertPrivate);
        Assert.Equal(OwnerFile | UnixFileMode.UserExecute, File.GetUnixFileMode(Data + "2"));
    }

    [Fact]
    public async Task AFolderForTokens_IsItsUsersAlone()
    {
        await RunAsync("token", "create", "--scope", "admin", "--data", Data);
        Assert.All(Directory.GetFiles(Data), AssertPrivate);
    }

    [Fact]
    public async Task TheJournalOfAMap_IsItsUsersAlone()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var map = Umask("map", "--url", coordinator.Address.ToString());
        map.Environment["XDG_STATE_HOME"] = folder.FullName;
        using var process = Process.Start(map)!;
        try
        {
            await process.StandardInput.WriteLineAsync("1");
            await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
            var journals = Path.Combine(folder.FullName, "weft", "map");
            var files = await Eventually.SeeAsync("a journal",
                () => Task.FromResult(Directory.Exists(journals) ? Directory.GetFiles(journals) : []), static files =>
                files.Length > 0);
            AssertPrivate(Assert.Single(files));
            Assert.Equal(OwnerFile | UnixFileMode.UserExecute, File.GetUnixFileMode(journals));
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public async Task WhatAWorkersProgramMakes_IsAsItsUserWants()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var id = (await coordinator.WeftAsync("submit", "1")).Output.TrimEnd();
        using var worker = Process.Start(Umask("worker", "--exec", "cat >/dev/null; umask", "--text", "--url",
            coordinator.Address.ToString()))!;
        try
        {
            Assert.Equal("\"0022\"\n", (await coordinator.WeftAsync("wait", id)).Output);
        }
        finally
        {
            worker.Kill(entireProcessTree: true);
        }
    }

    private static void AssertPrivate(string file) =>
        Assert.Equal((file, OwnerFile), (file, File.GetUnixFileMode(file)));

    private async Task ServeAsync(Action look)
    {
        using var process = Process.Start(Umask("serve", "--port", "0", "--data", Data))!;
        try
        {
            string? line;
            do line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            while (line?.Contains("Ctrl+C", StringComparison.Ordinal) == false);
            Assert.NotNull(line);
            look();
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    private async Task RunAsync(params string[] arguments)
    {
        var result = await Command.RunAsync(Umask(arguments), Eventually.Max);
        Assert.True(result.ExitCode == 0, result.ToString());
    }

    /// <summary>A start with the umask that nearly all users have, whatever this process has.</summary>
    private ProcessStartInfo Umask(params string[] arguments)
    {
        var start = WeftBinary.Describe(folder.FullName, arguments);
        start.FileName = "sh";
        string[] rest = [.. start.ArgumentList];
        start.ArgumentList.Clear();
        foreach (var argument in (string[])["-c", "umask 022; exec env \"$@\"", "sh", .. rest])
        {
            start.ArgumentList.Add(argument);
        }
        return start;
    }
}
