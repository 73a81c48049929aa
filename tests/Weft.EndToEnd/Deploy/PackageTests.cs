using System.Runtime.Versioning;
using System.Text.Json;
using System.Text.RegularExpressions;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Deploy;

/// <summary>
/// What packages are made of, with a small folder in a published one's place. <c>tests/packages.sh</c> installs and
/// runs the real ones.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class PackageTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weft-packages-");

    private string Published => Path.Combine(_folder.FullName, "published");

    public PackageTests()
    {
        Directory.CreateDirectory(Path.Combine(Published, "wwwroot/python"));
        Directory.CreateDirectory(Path.Combine(Published, "engine"));
        File.WriteAllText(Path.Combine(Published, "weft"), "GLIBC_2.4 GLIBC_2.31 GLIBC_2.9");
        File.SetUnixFileMode(Path.Combine(Published, "weft"), (UnixFileMode)0b111_101_101);
        File.WriteAllText(Path.Combine(Published, "libe_sqlite3.so"), "GLIBC_2.28");
        File.WriteAllText(Path.Combine(Published, "engine/libwasmtime.so"), "");
        File.WriteAllText(Path.Combine(Published, "wwwroot/index.html"), "<p>");
        File.WriteAllText(Path.Combine(Published, "wwwroot/python/served.json"), "{}");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task AnArchive_DependsOnNamesAndContentsAlone()
    {
        string first = PathOf("first.tar.gz"), second = PathOf("second.tar.gz"), copy = PathOf("copy");
        await Packaging.RunAsync("archive.sh", Published, first);
        // Another folder, made in another order, at another time, by somebody with other rights.
        await Packaging.AskAsync("cp", "-r", Published, copy);
        File.Move(Path.Combine(copy, "weft"), PathOf("moved"));
        File.Move(PathOf("moved"), Path.Combine(copy, "weft"));
        File.SetLastWriteTimeUtc(Path.Combine(copy, "weft"), DateTime.UnixEpoch);
        File.SetUnixFileMode(Path.Combine(copy, "wwwroot/index.html"), (UnixFileMode)0b110_110_100);
        await Packaging.RunAsync("archive.sh", copy, second);
        Assert.Equal(await File.ReadAllBytesAsync(first, TestContext.Current.CancellationToken),
            await File.ReadAllBytesAsync(second, TestContext.Current.CancellationToken));

        var list = (await Packaging.AskAsync("tar", "--list", "--verbose", "--numeric-owner", "--file", first))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(list, static line => Assert.Contains(" 0/0 ", line, StringComparison.Ordinal));
        Assert.Equal(["-rwxr-xr-x weft", "-rw-r--r-- wwwroot/index.html"],
            list.Select(static line => $"{line[..10]} {line[(line.LastIndexOf(' ') + 1)..]}")
                .Where(static line => line.EndsWith("weft", StringComparison.Ordinal)
                    || line.EndsWith("html", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task TheDebianPackage_HasUnitsManualAndCompletion_AndStartsNothing()
    {
        await MakeDebAsync("packages");
        var deb = PathOf("packages/weft_0.1.0_amd64.deb");
        var root = PathOf("root");
        await Packaging.AskAsync("dpkg-deb", "--raw-extract", deb, root);

        Assert.Contains("libc6 (>= 2.31)", await Packaging.AskAsync("dpkg-deb", "--field", deb, "Depends"),
            StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(root, "usr/bin/weft")), "The link must lead to the binary.");
        Assert.True(File.Exists(Path.Combine(root, "usr/lib/weft/wwwroot/index.html")));
        var unit = await ReadAsync(Path.Combine(root, "usr/lib/systemd/system/weft.service"));
        Assert.Contains("\nExecStart=/usr/lib/weft/weft serve --data /var/lib/weft/data\n", unit,
            StringComparison.Ordinal);
        Assert.Contains("\nUser=weft\n", unit, StringComparison.Ordinal);
        Assert.DoesNotContain("DynamicUser", unit, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?m)systemctl.*(enable|start)|deb-systemd-(helper|invoke) (enable|start|restart)",
            await ReadAsync(Path.Combine(root, "DEBIAN/postinst")));
        Assert.Equal(DeployFiles.Read("nginx/weft.conf"),
            await ReadAsync(Path.Combine(root, "usr/share/doc/weft/examples/nginx/weft.conf")));
        Assert.Contains("complete -F _weft weft",
            await ReadAsync(Path.Combine(root, "usr/share/bash-completion/completions/weft")),
            StringComparison.Ordinal);

        await Packaging.AskAsync("gunzip", Path.Combine(root, "usr/share/man/man1/weft.1.gz"));
        var manual = await ReadAsync(Path.Combine(root, "usr/share/man/man1/weft.1"));
        Assert.All((string[])[".SS weft serve\n", ".SS weft queues pause\n", ".B \\-\\-port <", "WEFT_PORT"],
            text => Assert.Contains(text, manual, StringComparison.Ordinal));

        await MakeDebAsync("again");
        Assert.Equal(await File.ReadAllBytesAsync(deb, TestContext.Current.CancellationToken),
            await File.ReadAllBytesAsync(PathOf("again/weft_0.1.0_amd64.deb"), TestContext.Current.CancellationToken));
    }

    /// <summary>Whoever has only the release can follow each link that is left.</summary>
    [Fact]
    public async Task TheDocuments_LinkToWhatIsThere()
    {
        await Packaging.RunAsync("docs.py", PathOf("tree"));
        await Packaging.AskAsync("cp", "-r", Repository.PathOf("deploy"), PathOf("tree"));
        await Packaging.AskAsync("cp", Repository.PathOf("LICENSE"), Repository.PathOf("test-coordinator.sh"),
            PathOf("tree"));
        // Not what the copy has brought.
        await Packaging.RunAsync("docs.py", PathOf("tree"));
        var documents = Directory.GetFiles(PathOf("tree"), "*.md", SearchOption.AllDirectories);
        Assert.True(documents.Length > 20, string.Join(' ', documents));
        Assert.All(documents, document => Assert.All(
            LocalLink().Matches(File.ReadAllText(document)).Select(static link => link.Groups[1].Value),
            link => Assert.True(Path.Exists(Path.Combine(Path.GetDirectoryName(document)!, link)),
                $"{document} links to {link}")));
        Assert.Contains("[docs/operations.md](docs/operations.md)", await ReadAsync(PathOf("tree/README.md")),
            StringComparison.Ordinal);
        var readme = await ReadAsync(PathOf("tree/README.md"));
        Assert.Contains("    weft serve --port 8080 ", readme, StringComparison.Ordinal);
        // Who has no checkout would type them in vain.
        Assert.DoesNotMatch(@"run-coordinator-native|dist/|\./(bench|test|build)\.sh", readme);
        Assert.All(documents, document =>
            Assert.DoesNotContain("checkout -->", File.ReadAllText(document), StringComparison.Ordinal));
        Assert.Contains("decision 0035", await ReadAsync(PathOf("tree/docs/browser.md")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheImage_IsThatOfTheContainerfile()
    {
        Directory.CreateDirectory(PathOf("base/usr/share/ca-certificates/mozilla"));
        Directory.CreateDirectory(PathOf("base/lib"));
        await File.WriteAllTextAsync(PathOf("base/usr/share/ca-certificates/mozilla/a.crt"), "certificate",
            TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(PathOf("base/lib/libc.so.6"), "", TestContext.Current.CancellationToken);
        await Packaging.RunAsync("oci.py", Published, PathOf("base"), "amd64", "0.1.0", PathOf("image.tar"));

        var layout = PathOf("layout");
        Directory.CreateDirectory(layout);
        await Packaging.AskAsync("tar", "--extract", "--file", PathOf("image.tar"), "--directory", layout);
        var manifest = await BlobAsync(layout,
            (await JsonAsync(Path.Combine(layout, "index.json"))).GetProperty("manifests")[0]);
        var config = (await BlobAsync(layout, manifest.GetProperty("config"))).GetProperty("config");

        var file = DeployFiles.Read("Containerfile");
        Assert.Contains($"\nUSER {config.GetProperty("User").GetString()}\n", file, StringComparison.Ordinal);
        Assert.Contains($"\nWORKDIR {config.GetProperty("WorkingDir").GetString()}\n", file, StringComparison.Ordinal);
        Assert.Contains($"\nENTRYPOINT {config.GetProperty("Entrypoint").GetRawText()}\n", file,
            StringComparison.Ordinal);
        Assert.Contains($"\nCMD {config.GetProperty("Cmd").GetRawText()}\n", file, StringComparison.Ordinal);
        Assert.Contains($"\nSTOPSIGNAL {config.GetProperty("StopSignal").GetString()}\n", file,
            StringComparison.Ordinal);
        Assert.Contains("\nENV " + string.Join(' ', config.GetProperty("Env").EnumerateArray()
            .Select(static variable => variable.GetString())
            .Where(static variable => variable!.StartsWith("WEFT_", StringComparison.Ordinal))) + "\n", file,
            StringComparison.Ordinal);

        List<string> names = [];
        foreach (var layer in manifest.GetProperty("layers").EnumerateArray())
        {
            names.AddRange((await Packaging.AskAsync("tar", "--list", "--file", BlobPath(layout, layer))).Split('\n'));
        }
        Assert.Subset(names.ToHashSet(), new HashSet<string>
        {
            "weft/weft", "weft/libe_sqlite3.so", "weft/wwwroot/index.html", "weft/wwwroot/python/served.json",
            "weft/engine/libwasmtime.so", "lib/libc.so.6", "etc/ssl/certs/ca-certificates.crt", "etc/passwd", "tmp/",
            "data/",
        });
    }

    private async Task MakeDebAsync(string into)
    {
        var start = Command.Describe(Repository.PathOf("packaging/deb.sh"), _folder.FullName,
            [Published, "amd64", "0.1.0", PathOf(into)]);
        start.Environment["SOURCE_DATE_EPOCH"] = "1750000000";
        start.Environment["WEFT_RUN"] = WeftBinary.Path;
        var made = await Command.RunAsync(start, Eventually.Max);
        Assert.True(made.ExitCode == 0, made.ToString());
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private static Task<string> ReadAsync(string path) =>
        File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);

    private static async Task<JsonElement> JsonAsync(string path) =>
        JsonDocument.Parse(await ReadAsync(path)).RootElement;

    private static Task<JsonElement> BlobAsync(string layout, JsonElement descriptor) =>
        JsonAsync(BlobPath(layout, descriptor));

    private static string BlobPath(string layout, JsonElement descriptor) =>
        Path.Combine(layout, "blobs", descriptor.GetProperty("digest").GetString()!.Replace(':', '/'));

    [GeneratedRegex(@"\]\((?![a-z]+:)([^)#\s]+)[^)\s]*\)")]
    private static partial Regex LocalLink();
}
