using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Weft.Tests.StaticFiles;

/// <summary>Code of others within the pages is what its list says, unchanged.</summary>
public sealed partial class VendoredFilesTests
{
    [Theory]
    [InlineData("console", 2)]
    [InlineData("lab", 1)]
    public void EachFile_HasTheHashOfTheList(string page, int files)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "wwwroot", page, "vendor");
        var list = File.ReadAllText(Path.Combine(folder, "VENDORED.md"));
        var listed = Row().Matches(list).ToDictionary(
            static row => row.Groups["file"].Value, static row => row.Groups["hash"].Value);

        var there = Directory.EnumerateFiles(folder).Where(static path =>
            Path.GetExtension(path) is ".js" or ".mjs" or ".css").ToDictionary(
            static path => Path.GetFileName(path),
            static path => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))));

        Assert.Equal(files, there.Count);
        Assert.Equal(there.OrderBy(static file => file.Key), listed.OrderBy(static file => file.Key));
    }

    [GeneratedRegex(@"^\| `(?<file>[^`]+)` \|.*\| (?<hash>[0-9a-f]{64}) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
