using System.Runtime.Versioning;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Deploy;

/// <summary>
/// <c>install.sh</c>, on releases that are small and otherwise as they should be, or as they shouldn't.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class InstallScriptTests
{
    [Fact]
    public async Task ItInstalls_AndANewerVersionBesideIt()
    {
        using var release = await FakeRelease.MakeAsync("0.1.0");
        var said = await release.InstallAsync("--with", "python,samples");
        Assert.True(said.ExitCode == 0, said.ToString());
        Assert.Equal("0.1.0\n", await Packaging.AskAsync(release.Link, "--version"));
        Assert.All((string[])["python/served.json", "samples/index.html"],
            name => Assert.True(File.Exists(Path.Combine(release.Versions, "0.1.0/wwwroot", name)), name));

        await release.PublishAsync("0.2.0");
        Assert.Equal(0, (await release.InstallAsync()).ExitCode);
        Assert.Equal("0.2.0\n", await Packaging.AskAsync(release.Link, "--version"));
        Assert.Equal(["0.1.0", "0.2.0"],
            Directory.GetFileSystemEntries(release.Versions).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task ItRepeatsAnInstallation()
    {
        using var release = await FakeRelease.MakeAsync("0.1.0");
        for (var i = 0; i < 2; i++) Assert.Equal(0, (await release.InstallAsync()).ExitCode);
        Assert.Equal(["0.1.0"], Directory.GetFileSystemEntries(release.Versions).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("truncated")]
    [InlineData("altered")]
    [InlineData("empty")]
    public async Task AnArchiveThatIsNotTheReleases_IsRefused(string how)
    {
        using var release = await FakeRelease.MakeAsync("0.1.0");
        var archive = Path.Combine(release.Folder, FakeRelease.Archive("0.1.0"));
        var bytes = await File.ReadAllBytesAsync(archive, TestContext.Current.CancellationToken);
        if (how == "altered") bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(archive, how switch { "truncated" => bytes[..^1], "empty" => [], _ => bytes },
            TestContext.Current.CancellationToken);
        await AssertRefusedAsync(release, "is cut off or altered: its SHA-256 is ");
    }

    [Fact]
    public async Task AnOptionalArchiveThatIsNotTheReleases_IsRefusedWithTheRest()
    {
        using var release = await FakeRelease.MakeAsync("0.1.0");
        await File.AppendAllTextAsync(Path.Combine(release.Folder, FakeRelease.Python("0.1.0")), "more",
            TestContext.Current.CancellationToken);
        await AssertRefusedAsync(release, "is cut off or altered: its SHA-256 is ", "--with", "python");
    }

    [Fact]
    public async Task WhatIsNotThere_IsSaid()
    {
        using var release = await FakeRelease.MakeAsync("0.1.0");
        await AssertRefusedAsync(release, "SHA256SUMS doesn't name weft-0.1.0-linux-", "--with", "engine");
        File.Delete(Path.Combine(release.Folder, FakeRelease.Archive("0.1.0")));
        await AssertRefusedAsync(release, "can't be read.");
        await release.SumAsync();
        await AssertRefusedAsync(release, $"The release has no archive for {FakeRelease.Runtime}.");
    }

    [Fact]
    public async Task WithAKey_WhatIsNotSigned_IsRefused()
    {
        using var release = await FakeRelease.MakeAsync("0.1.0");
        // Without the signature, or without the program that checks it.
        var said = await release.InstallAsync("--key", "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3");
        Assert.Equal(1, said.ExitCode);
        Assert.EndsWith(" Nothing was installed.\n", said.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(release.Link));
    }

    [Fact]
    public async Task ASignatureForAnotherVersion_IsRefused()
    {
        using var release = await FakeRelease.MakeAsync("0.2.0");
        var key = await release.SignAsync("weft 0.2.0");
        Assert.Equal(0, (await release.InstallAsync("--key", key)).ExitCode);

        // Its own checksums, and named like the newer release.
        await release.PublishAsync("0.3.0");
        key = await release.SignAsync("weft 0.1.0");
        await AssertStaysAsync(release, "its signature is for 'weft 0.1.0'.", "--key", key);
        await File.AppendAllTextAsync(Path.Combine(release.Folder, "SHA256SUMS"), "\n",
            TestContext.Current.CancellationToken);
        await AssertStaysAsync(release, "SHA256SUMS is not signed by that key.", "--key", key);
    }

    [Fact]
    public async Task AnOlderRelease_IsInstalledOnlyByItsName()
    {
        using var release = await FakeRelease.MakeAsync("0.2.0-rc.1");
        Assert.Equal(0, (await release.InstallAsync()).ExitCode);
        await release.PublishAsync("0.2.0");
        Assert.Equal(0, (await release.InstallAsync()).ExitCode);

        await release.PublishAsync("0.1.9");
        await AssertStaysAsync(release, "version 0.1.9, and 0.2.0 is installed. To go back, add --version 0.1.9.");
        await AssertStaysAsync(release, "The release is version 0.1.9, not 0.3.0.", "--version", "0.3.0");
        Assert.Equal(0, (await release.InstallAsync("--version", "0.1.9")).ExitCode);
        Assert.Equal("0.1.9\n", await Packaging.AskAsync(release.Link, "--version"));
    }

    [Fact]
    public async Task AnOlderRelease_IsRefused_HoweverTheFolderIsSpelt()
    {
        using var release = await FakeRelease.MakeAsync("0.2.0");
        Assert.Equal(0, (await release.InstallAsync("--to", $"{release.Versions}//.")).ExitCode);
        Assert.Equal(0, (await release.InstallAsync()).ExitCode);
        var linked = Path.Combine(release.Home, "linked");
        File.CreateSymbolicLink(linked, release.Versions);

        await release.PublishAsync("0.1.0");
        foreach (var to in (string[])[release.Versions, $"{release.Versions}/", linked])
        {
            await AssertStaysAsync(release, "0.2.0 is installed. To go back, add --version 0.1.0.", "--to", to);
        }
    }

    [Fact]
    public async Task AScriptThatArrivedInPart_DoesNothing()
    {
        using var release = await FakeRelease.MakeAsync("0.1.0");
        var script = await File.ReadAllTextAsync(Repository.PathOf("install.sh"),
            TestContext.Current.CancellationToken);
        var part = Path.Combine(release.Home, "part.sh");
        for (var end = 1; end < script.Length - "main \"$@\"\n".Length; end += script.Length / 12)
        {
            await File.WriteAllTextAsync(part, script[..end], TestContext.Current.CancellationToken);
            var start = Command.Describe("sh", release.Home, [part, "--from", release.Folder]);
            start.Environment["HOME"] = release.Home;
            await Command.RunAsync(start, Eventually.Max);
            Assert.Equal(["part.sh"], Directory.GetFileSystemEntries(release.Home).Select(Path.GetFileName));
        }
    }

    private static async Task AssertStaysAsync(FakeRelease release, string why, params string[] options)
    {
        var said = await release.InstallAsync(options);
        Assert.Equal(1, said.ExitCode);
        Assert.EndsWith($"{why} Nothing was installed.\n", said.Error, StringComparison.Ordinal);
        Assert.Equal("0.2.0\n", await Packaging.AskAsync(release.Link, "--version"));
    }

    private static async Task AssertRefusedAsync(FakeRelease release, string why, params string[] options)
    {
        var said = await release.InstallAsync(options);
        Assert.Equal(1, said.ExitCode);
        Assert.Contains(why, said.Error, StringComparison.Ordinal);
        Assert.EndsWith(" Nothing was installed.\n", said.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(release.Versions));
        Assert.False(Path.Exists(release.Link));
    }
}
