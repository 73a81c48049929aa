using System.IO.Compression;
using System.Text;

namespace Weft.Testing;

/// <summary>Makes wheels: packages for Python, as small as tests need them.</summary>
internal static class TestWheel
{
    /// <param name="fileName">Says which package it is, and where it runs: tiny-1.0-py3-none-any.whl.</param>
    /// <param name="requires">Packages that it needs.</param>
    /// <param name="files">Paths and texts.</param>
    public static byte[] Make(string fileName, string[] requires, params (string Path, string Text)[] files) =>
        Zip([.. files, .. Info(fileName, requires)]);

    /// <summary>Those files that say what it is.</summary>
    public static (string Path, string Text)[] Info(string fileName, params string[] requires)
    {
        var parts = fileName.Split('-');
        var (name, version, tag) = (parts[0], parts[1], string.Join('-', parts[^3..])[..^".whl".Length]);
        var needs = string.Concat(requires.Select(static each => $"Requires-Dist: {each}\n"));
        return
        [
            ($"{name}-{version}.dist-info/METADATA",
                $"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}\nName: other\n"),
            ($"{name}-{version}.dist-info/WHEEL", $"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n"),
        ];
    }

    /// <summary>An archive of files, whatever their paths.</summary>
    public static byte[] Zip(params (string Path, string Text)[] files) =>
        Zip([.. files.Select(static file => (file.Path, Encoding.UTF8.GetBytes(file.Text)))]);

    /// <inheritdoc cref="Zip(ValueTuple{string, string}[])"/>
    public static byte[] Zip(IEnumerable<(string Path, byte[] Content)> files)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (path, content) in files)
            {
                using var file = zip.CreateEntry(path).Open();
                file.Write(content);
            }
        }
        return bytes.ToArray();
    }
}
