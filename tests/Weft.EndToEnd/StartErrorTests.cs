using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.Versioning;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd;

public sealed class StartErrorTests : IDisposable
{
    /// <summary>
    /// Where the database file keeps the version of its schema: https://sqlite.org/fileformat.html#user_version
    /// </summary>
    private const int SchemaVersionOffset = 60;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("weft-e2e-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task ATakenPort_IsSaid()
    {
        await using var other = await CoordinatorProcess.StartNewAsync();
        AssertRefused(1, await ServeAsync(folder.FullName, other.Port), $"{other.Port}");
    }

    [Fact]
    [Trait("Store", "sqlite")]
    public async Task ATakenPort_LeavesNoDataFolder_AndNoFirstTokens()
    {
        await using var other = await CoordinatorProcess.StartNewAsync();
        var data = Path.Combine(folder.FullName, "data");
        AssertRefused(1, await ServeAsync(data, other.Port), $"{other.Port}");
        Assert.False(Directory.Exists(data));
    }

    [Fact]
    [Trait("Store", "sqlite")]
    public async Task ADataFolderThatAnotherCoordinatorUses_IsSaid()
    {
        await using var other = await CoordinatorProcess.StartNewAsync();
        AssertRefused(1, await ServeAsync(other.DataFolder), other.DataFolder);
        Assert.Equal(1, await other.Wire.SubmitAsync("{}"));
    }

    [Fact]
    [Trait("Store", "sqlite")]
    public async Task AFileInPlaceOfTheDataFolder_IsSaid()
    {
        var file = Path.Combine(folder.FullName, "file");
        await File.WriteAllTextAsync(file, "in the way", TestContext.Current.CancellationToken);
        AssertRefused(1, await ServeAsync(file), file);
    }

    [Fact]
    [Trait("Store", "sqlite")]
    public async Task ADataFolderThatCannotBeMade_IsSaid()
    {
        // Nobody can make a folder here, root neither.
        const string nowhere = "/proc/weft-data";
        AssertRefused(1, await ServeAsync(nowhere), nowhere);
    }

    [Fact]
    [Trait("Store", "sqlite")]
    public async Task ADataFolderOfAnotherUser_IsRefused()
    {
        // Root gives a folder away; for root of a user namespace, the system's folders are another user's.
        var (prepare, data) = Environment.IsPrivilegedProcess
            ? ($"chown 12345 '{folder.FullName}'", folder.FullName) : ("true", "/usr");
        AssertRefused(1, await Mounts.RunAsync(folder.FullName, prepare, "serve", "--port", $"{FreePort.Next()}",
            "--data", data), $"{data} belongs to another user");
        Assert.Empty(folder.EnumerateFileSystemInfos());
    }

    [Theory]
    [InlineData(UnixFileMode.None)]
    [InlineData(UnixFileMode.StickyBit)]
    [Trait("Store", "sqlite")]
    [UnsupportedOSPlatform("windows")]
    public async Task ADataFolderThatAnyUserMayWrite_IsRefused(UnixFileMode more)
    {
        File.SetUnixFileMode(folder.FullName, (UnixFileMode)0x1FF | more);
        AssertRefused(1, await ServeAsync(folder.FullName), $"Any user may write to the data folder {folder.FullName}");
        Assert.Empty(folder.EnumerateFileSystemInfos());
    }

    [Theory]
    [InlineData("web", "web/data")]
    [InlineData("link", "web/data")]
    [InlineData("web", "link/data")]
    [Trait("Store", "sqlite")]
    public async Task ADataFolderInTheWebFolder_IsRefused_ByLinksToo(string web, string data)
    {
        var pages = folder.CreateSubdirectory("web");
        Directory.CreateSymbolicLink(Path.Combine(folder.FullName, "link"), pages.FullName);
        AssertRefused(1, await WeftBinary.RunAsync("serve", "--port", $"{FreePort.Next()}",
            "--web", Path.Combine(folder.FullName, web), "--data", Path.Combine(folder.FullName, data)),
            "is inside the web folder");
        Assert.Empty(pages.EnumerateFileSystemInfos());
    }

    [Theory]
    [InlineData("weft.json", "touch", "/etc/passwd")]
    [InlineData("webserver", "mkdir", "/usr")]
    [InlineData("webserver", "ln -s /tmp", "/usr")]
    [InlineData("weft-data", "ln -s /tmp", "/usr")]
    [Trait("Store", "sqlite")]
    public async Task WhatAnotherUserLeftInASharedFolder_IsNotUsed(string name, string make, string systems)
    {
        // Root gives it away; for root of a user namespace, what the system has is another user's.
        var leave = Environment.IsPrivilegedProcess ? $"{make} {name} && chown -h 12345 {name}"
            : $"ln -s {systems} {name}";
        AssertRefused(1, await Mounts.RunAsync(folder.FullName, $"{leave} && chmod 1777 .", "serve", "--port",
            $"{FreePort.Next()}"), "belongs to another user");
        Assert.Equal([name], folder.EnumerateFileSystemInfos().Select(static found => found.Name));
    }

    [Fact]
    [Trait("Store", "sqlite")]
    public async Task AFileThatIsNoDatabase_IsSaid_AndLeftAsItIs()
    {
        var file = Path.Combine(folder.FullName, "weft.db");
        var content = new string('x', 10_000);
        await File.WriteAllTextAsync(file, content, TestContext.Current.CancellationToken);
        AssertRefused(1, await ServeAsync(folder.FullName), "weft.db");
        Assert.Equal(content, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    [Trait("Store", "sqlite")]
    public async Task ADatabaseOfANewerWeft_IsSaid()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        coordinator.Send(UnixSignal.Terminate);
        await coordinator.ExitAsync(Eventually.Max);
        SetSchemaVersion(Path.Combine(coordinator.DataFolder, "weft.db"), 9_999);

        AssertRefused(1, await ServeAsync(coordinator.DataFolder), "newer");
    }

    [Theory]
    [InlineData("--nonsense")]
    [InlineData("serve", "--nonsense")]
    [InlineData("serve", "--port", "eighty")]
    [InlineData("serve", "--port", "65536")]
    [InlineData("serve", "--lease-seconds", "0")]
    [InlineData("serve", "--max-body-bytes", "-1")]
    [InlineData("serve", "--data")]
    [InlineData("frobnicate")]
    public async Task ABadOption_IsAUsageError(params string[] arguments) =>
        AssertRefused(2, await WeftBinary.RunAsync(arguments), arguments[^1]);

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1,localhost")]
    public async Task ADatabaseThatIsNotThere_IsSaid_WithWhatHappened(string hosts)
    {
        var result = await WeftBinary.RunAsync("serve", "--port", $"{FreePort.Next()}", "--store",
            $"Host={hosts};Port={FreePort.Next()};Database=weft;Username=weft");
        AssertRefused(1, result, "refused");
        Assert.DoesNotContain("inner exception", result.Error, StringComparison.OrdinalIgnoreCase);
    }

    private static Task<CommandResult> ServeAsync(string dataFolder, int? port = null) =>
        WeftBinary.RunAsync("serve", "--port", (port ?? FreePort.Next()).ToString(CultureInfo.InvariantCulture),
            "--data", dataFolder);

    private static void AssertRefused(int exitCode, CommandResult result, string reason)
    {
        Assert.True(result.ExitCode == exitCode, $"Expected exit code {exitCode}, got {result}");
        Assert.True(result.Error.Contains(reason, StringComparison.OrdinalIgnoreCase),
            $"Expected a word about {reason}, got {result}");
        Assert.True(result.Error.TrimEnd().Split('\n').Length == 1, $"Expected one line on stderr, got {result}");
    }

    private static void SetSchemaVersion(string database, int version)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, version);
        using var file = File.OpenHandle(database, FileMode.Open, FileAccess.Write);
        RandomAccess.Write(file, bytes, SchemaVersionOffset);
    }
}
