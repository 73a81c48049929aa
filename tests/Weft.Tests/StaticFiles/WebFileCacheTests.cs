using System.Text;
using Weft.Http.StaticFiles;

namespace Weft.Tests.StaticFiles;

public sealed class WebFileCacheTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("weft-web-");
    private readonly WebFileCache cache = new();

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void AFile_IsReadOnce_AndAgainWhenItHasChanged()
    {
        var file = Write("a", "first");
        Assert.Equal("first", Read(file));
        var written = file.LastWriteTimeUtc;
        File.WriteAllText(file.FullName, "other");
        File.SetLastWriteTimeUtc(file.FullName, written);
        // By its time and length it is the same: nothing was read.
        Assert.Equal("first", Read(Look("a")));
        File.SetLastWriteTimeUtc(file.FullName, written.AddSeconds(1));
        Assert.Equal("other", Read(Look("a")));
    }

    [Fact]
    public void ALargeFile_IsNotKept() =>
        Assert.Null(cache.Open(Write("a", new string('x', WebFileCache.FileBytesMax + 1))));

    [Fact]
    public void WhatIsInUse_StaysWithinTheBound_AndWhatIsNotMakesRoom()
    {
        var names = Enumerable.Range(0, (int)(WebFileCache.BytesMax / WebFileCache.FileBytesMax) + 1)
            .Select(static i => $"f{i}").ToArray();
        foreach (var name in names) Write(name, new string('x', WebFileCache.FileBytesMax));
        var open = names[..^1].Select(name => cache.Open(Look(name))).ToArray();
        Assert.All(open, Assert.NotNull);
        Assert.Null(cache.Open(Look(names[^1])));
        open[0]!.Dispose();
        Assert.NotNull(cache.Open(Look(names[^1])));
        // The bytes of a file that was replaced count for as long as somebody reads them.
        File.SetLastWriteTimeUtc(Look(names[1]).FullName, DateTime.UnixEpoch);
        Assert.Null(cache.Open(Look(names[1])));
        open[1]!.Dispose();
        Assert.NotNull(cache.Open(Look(names[1])));
    }

    private string Read(FileInfo file)
    {
        using var stream = cache.Open(file)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private FileInfo Write(string name, string text)
    {
        File.WriteAllText(Look(name).FullName, text);
        return Look(name);
    }

    private FileInfo Look(string name) => new(Path.Combine(folder.FullName, name));
}
