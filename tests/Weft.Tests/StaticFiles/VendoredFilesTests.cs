using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Weft.Tests.StaticFiles;

/// <summary>Code of others within the pages is what its list says, unchanged.</summary>
public sealed partial class VendoredFilesTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "wwwroot", "console", "vendor");

    [Fact]
    public void EachFile_HasTheHashOfTheList()
    {
        var list = File.ReadAllText(Path.Combine(Folder, "VENDORED.md"));
        var listed = Row().Matches(list).ToDictionary(
            static row => row.Groups["file"].Value, static row => row.Groups["hash"].Value);

        var there = Directory.EnumerateFiles(Folder).Where(static path => path.EndsWith(".js", StringComparison.Ordinal)
            || path.EndsWith(".css", StringComparison.Ordinal)).ToDictionary(
            static path => Path.GetFileName(path),
            static path => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))));

        Assert.Equal(2, there.Count);
        Assert.Equal(there.OrderBy(static file => file.Key), listed.OrderBy(static file => file.Key));
    }

    [GeneratedRegex(@"^\| `(?<file>[^`]+)` \|.*\| (?<hash>[0-9a-f]{64}) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
