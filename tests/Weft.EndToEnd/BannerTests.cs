using System.IO.Compression;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd;

/// <summary>
/// What the coordinator says at its start and at its stop, and where it puts what no log should hold.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class BannerTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("weft-e2e-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task ItNamesVersionPagesAndStop()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var version = (await WeftBinary.RunAsync("--version")).Output.Split('+')[0].Trim();
        Assert.Contains($"Weft {version}\n", coordinator.Output, StringComparison.Ordinal);
        var output = await SeeEndAsync(coordinator);
        Assert.All((string[])["", "worker/", "docs"],
            page => Assert.Contains($"{coordinator.Address}{page} ", output, StringComparison.Ordinal));
        coordinator.Send(UnixSignal.Terminate);
        await coordinator.ExitAsync(Eventually.Max);
        Assert.EndsWith("Stopped.\n", coordinator.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ItNamesTheBoard_WhereThereIsOne(bool hasBoard)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync(hasBoard ? ["--board"] : []);
        Assert.Equal(hasBoard,
            (await SeeEndAsync(coordinator)).Contains($"{coordinator.Address}board/ ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task OnAllAddresses_ItNamesThoseThatCanBeOpened()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync("--host", "0.0.0.0");
        var output = await SeeEndAsync(coordinator);
        Assert.DoesNotContain("0.0.0.0", output, StringComparison.Ordinal);
        Assert.Contains($"http://localhost:{coordinator.Port}", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheFirstTokens_GoToAFileOfItsUsersAlone_WhereStdoutIsALog()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync("--access", "tokens");
        var file = FirstTokens().Match(await SeeEndAsync(coordinator)).Value;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(3, Token().Count(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)));

        coordinator.Send(UnixSignal.Terminate);
        await coordinator.ExitAsync(Eventually.Max);
        File.Delete(file);
        await coordinator.StartAsync();
        Assert.False(File.Exists(file));
        Assert.Contains($"weft token create --scope work --link --url http://127.0.0.1:{coordinator.Port}\n",
            coordinator.Output, StringComparison.Ordinal);
        Assert.Contains("weft token create --scope admin --", coordinator.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheFirstTokens_AreNotPrinted_WhereStdoutIsALog()
    {
        var log = Path.Combine(folder.FullName, "log");
        var start = WeftBinary.Describe(folder.FullName, "serve", "--port", "0", "--access", "tokens",
            "--data", "data");
        string[] line = ["-c", "\"$@\" >log 2>&1", "sh", start.FileName, .. start.ArgumentList];
        start.FileName = "sh";
        start.ArgumentList.Clear();
        foreach (var argument in line) start.ArgumentList.Add(argument);
        using var process = System.Diagnostics.Process.Start(start)!;
        try
        {
            var text = await Eventually.SeeAsync("the banner's end", () => File.Exists(log) ? File.ReadAllTextAsync(log)
                : Task.FromResult(""), static text => text.Contains("Ctrl+C", StringComparison.Ordinal));
            Assert.DoesNotMatch(Token(), text);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public async Task TheFirstTokens_AreShownOnATerminal_AndNowhereElse()
    {
        var weft = WeftBinary.Describe(folder.FullName, "serve", "--port", "0", "--access", "tokens", "--data", "data");
        // In the foreground: "timeout" otherwise continues a background process at the very moment it stops it, and
        // a terminal may then stop it for good.
        var start = Command.Describe("script", folder.FullName,
            ["-qec", $"timeout --foreground -s INT 5 '{WeftBinary.Path}' serve --port 0 --access tokens --data data",
                "/dev/null"]);
        start.Environment.Clear();
        foreach (var (name, value) in weft.Environment) start.Environment[name] = value;
        var result = await Command.RunAsync(start, Eventually.Max);
        Assert.Equal(3, Token().Count(result.Output));
        Assert.False(File.Exists(Path.Combine(folder.FullName, "data", "first-tokens.txt")));
    }

    [Fact]
    public async Task ASettingsFile_IsNamed_AndMayBeginWithAByteOrderMark()
    {
        var file = Path.Combine(folder.FullName, "weft.json");
        await File.WriteAllBytesAsync(file, [0xEF, 0xBB, 0xBF, .. """{"port": 0, "data": "there"}"""u8],
            TestContext.Current.CancellationToken);
        using var process = System.Diagnostics.Process.Start(WeftBinary.Describe(folder.FullName, "serve"))!;
        try
        {
            var text = "";
            while (!text.Contains("Ctrl+C", StringComparison.Ordinal)
                && await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                text += line + "\n";
            }
            Assert.Contains($"Settings  {file}\n", text, StringComparison.Ordinal);
            Assert.Contains(Path.Combine(folder.FullName, "there"), text, StringComparison.Ordinal);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    [Trait("Store", "sqlite")]
    public async Task AfterAnUpgrade_ItSaysOnceWhatWasDoneToTheStore()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await coordinator.KillAsync();
        foreach (var file in Directory.GetFiles(coordinator.DataFolder)) File.Delete(file);
        await using (var packed = new GZipStream(
            File.OpenRead(Repository.PathOf("tests/Weft.Storage.Tests/Upgrades/before-release.db.gz")),
            CompressionMode.Decompress))
        await using (var old = File.Create(Path.Combine(coordinator.DataFolder, "weft.db")))
            await packed.CopyToAsync(old, TestContext.Current.CancellationToken);
        for (var i = 0; i < 2; i++)
        {
            await coordinator.StartAsync();
            coordinator.Send(UnixSignal.Terminate);
            await coordinator.ExitAsync(Eventually.Max);
        }

        Assert.Matches(@"^  Upgraded  its schema from 8 to [0-9]+ \(history, kept bytes, .+\); older versions can't ",
            Assert.Single(coordinator.Output.Split('\n'),
                static line => line.StartsWith("  Upgraded  ", StringComparison.Ordinal)));
    }

    private static Task<string> SeeEndAsync(CoordinatorProcess coordinator) =>
        Eventually.SeeAsync("the banner's end", () => Task.FromResult(coordinator.Output),
            static output => output.Contains("Ctrl+C", StringComparison.Ordinal));

    [GeneratedRegex("/.*/first-tokens.txt")]
    private static partial Regex FirstTokens();

    [GeneratedRegex("weft_[A-Za-z0-9_-]{43}")]
    private static partial Regex Token();
}
