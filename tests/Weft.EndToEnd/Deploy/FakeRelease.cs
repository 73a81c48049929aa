using System.Runtime.Versioning;
using System.Security.Cryptography;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Deploy;

/// <summary>
/// A release's folder with a program of a few bytes in the binary's place, and a home in which <c>install.sh</c> works.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class FakeRelease : IDisposable
{
    private const string Sums = "SHA256SUMS";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weft-release-");

    public string Folder => Path.Combine(_folder.FullName, "release");

    public string Home => Path.Combine(_folder.FullName, "home");

    public string Link => Path.Combine(Home, ".local/bin/weft");

    /// <summary>Where versions are kept.</summary>
    public string Versions => Path.Combine(Home, ".local/share/weft");

    public static string Runtime { get; } =
        System.Runtime.InteropServices.RuntimeInformation.OSArchitecture
            == System.Runtime.InteropServices.Architecture.Arm64 ? "linux-arm64" : "linux-x64";

    public static string Archive(string version, string part = "") => $"weft-{version}-{Runtime}{part}.tar.gz";

    public static string Python(string version) => $"weft-{version}-python.tar.gz";

    private static string Samples(string version) => $"weft-{version}-samples.tar.gz";

    /// <summary>The only release that there is from now on.</summary>
    public static async Task<FakeRelease> MakeAsync(string version)
    {
        var made = new FakeRelease();
        Directory.CreateDirectory(made.Home);
        await made.PublishAsync(version);
        return made;
    }

    public async Task PublishAsync(string version)
    {
        if (Directory.Exists(Folder)) Directory.Delete(Folder, recursive: true);
        Directory.CreateDirectory(Folder);
        await PackAsync(Archive(version), $"weft-{version}/weft", $"#!/bin/sh\necho {version}\n");
        await PackAsync(Samples(version), $"weft-{version}/wwwroot/samples/index.html", "<p>");
        await PackAsync(Python(version), $"weft-{version}/wwwroot/python/served.json", "{}");
        await SumAsync();
    }

    /// <summary>Writes the checksums of what is there.</summary>
    public Task SumAsync() =>
        File.WriteAllLinesAsync(Path.Combine(Folder, Sums), Directory.EnumerateFiles(Folder, "*.tar.gz")
            .Select(static path =>
                $"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))}  {Path.GetFileName(path)}"));

    /// <summary>Signs the checksums with a new key. Returns the public one.</summary>
    /// <param name="comment">What the signature says about them, which is signed, too.</param>
    public async Task<string> SignAsync(string comment)
    {
        var (secret, known) = (Path.Combine(_folder.FullName, "secret"), Path.Combine(_folder.FullName, "public"));
        var sums = Path.Combine(Folder, Sums);
        await RunAsync("-GWf", "-s", secret, "-p", known);
        await RunAsync("-S", "-s", secret, "-m", sums, "-x", $"{sums}.minisig", "-t", comment);
        return (await File.ReadAllLinesAsync(known))[1];

        async Task RunAsync(params string[] arguments)
        {
            var said = await Command.RunAsync(
                Command.Describe("minisign", _folder.FullName, arguments), Eventually.Max);
            Assert.True(said.ExitCode == 0, said.ToString());
        }
    }

    public async Task<CommandResult> InstallAsync(params string[] options)
    {
        var start = Command.Describe("sh", _folder.FullName,
            [Repository.PathOf("install.sh"), "--from", Folder, .. options]);
        start.Environment["HOME"] = Home;
        return await Command.RunAsync(start, Eventually.Max);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task PackAsync(string archive, string name, string text)
    {
        var tree = Path.Combine(_folder.FullName, "tree");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(tree, name))!);
        await File.WriteAllTextAsync(Path.Combine(tree, name), text);
        File.SetUnixFileMode(Path.Combine(tree, name), (UnixFileMode)0b111_101_101);
        await Packaging.RunAsync("archive.sh", tree, Path.Combine(Folder, archive));
        Directory.Delete(tree, recursive: true);
    }
}
