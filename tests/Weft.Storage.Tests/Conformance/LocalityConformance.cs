using System.Security.Cryptography;
using Weft.Core;
using Weft.Core.Matching;
using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Conformance;

/// <summary>A worker that has had files gets tasks with the same files first, within bounds.</summary>
public abstract class LocalityConformance(IStoreHost host, Func<ITaskStore, IBlobStore> blobsOf)
    : TaskStoreConformance(host)
{
    [Fact]
    public async Task Claim_PrefersFilesThatItsWorkerHas_AndPassesNoTaskOverMoreThanThreeTimes()
    {
        var (a, b) = (await FilesAsync("a"), await FilesAsync("b"));
        var ids = await SubmitAllAsync(With(a), With(b), With(a), With(a), With(a), With(a));

        var taken = new List<TaskId>();
        for (var i = 0; i < ids.Count; i++) taken.AddRange(await ClaimAsync("w"));

        Assert.Equal([ids[0], ids[2], ids[3], ids[4], ids[1], ids[5]], taken);
    }

    [Fact]
    public async Task Claim_OfMany_TakesThoseWithItsFilesFirst()
    {
        var (a, b) = (await FilesAsync("a"), await FilesAsync("b"));
        var ids = await SubmitAllAsync(With(a), With(b), With(a), With(b), With(a));
        Assert.Equal([ids[0]], await ClaimAsync("w"));

        Assert.Equal([ids[2], ids[4], ids[1]], await ClaimAsync("w", 3));
        Assert.Equal([ids[3]], await ClaimAsync("w", 3));
    }

    [Fact]
    public async Task Claim_OfAWorkerThatHasNoFiles_GoesInOrder()
    {
        var (a, b) = (await FilesAsync("a"), await FilesAsync("b"));
        var ids = await SubmitAllAsync(With(a), With(b), With(a), With(b));
        Assert.Equal([ids[0]], await ClaimAsync("w"));
        Assert.Equal([ids[1]], await ClaimAsync("other"));
        Assert.Equal([ids[3]], await ClaimAsync("other"));
        Assert.Equal([ids[2]], await ClaimAsync("other"));
    }

    [Fact]
    public async Task APriority_ComesBeforeFiles()
    {
        var (a, b) = (await FilesAsync("a"), await FilesAsync("b"));
        var ids = await SubmitAllAsync(
            With(a) with { Priority = 9 }, With(b) with { Priority = 2 }, With(b) with { Priority = 2 },
            With(a) with { Priority = 1 });

        var taken = new List<TaskId>();
        for (var i = 0; i < ids.Count; i++) taken.AddRange(await ClaimAsync("w"));

        Assert.Equal(ids, taken);
    }

    [Theory]
    [InlineData(Limits.LocalityDepthMax - 1, true)]
    [InlineData(Limits.LocalityDepthMax, false)]
    public async Task Claim_LooksOnlySoDeep(int others, bool isFound)
    {
        var (a, b) = (await FilesAsync("a"), await FilesAsync("b"));
        var first = await SubmitAsync(With(a));
        Assert.Equal([first], await ClaimAsync("w"));
        var ids = await SubmitAllAsync([.. Enumerable.Repeat(With(b), others), With(a)]);

        Assert.Equal([isFound ? ids[^1] : ids[0]], await ClaimAsync("w"));
    }

    [Fact]
    public async Task TasksThatOnlyWriteFiles_AreTakenInOrder()
    {
        var a = await FilesAsync("a");
        var writes = Plain with { Files = FileSet.Empty, Run = Bytes("""{"outMb":1}""") };
        var ids = await SubmitAllAsync(With(a), writes, With(a), writes);

        var taken = new List<TaskId>();
        for (var i = 0; i < ids.Count; i++) taken.AddRange(await ClaimAsync("w"));

        Assert.Equal(ids, taken);
    }

    private static NewTask With(FileSet files) => Plain with { Files = files };

    private async Task<IReadOnlyList<TaskId>> ClaimAsync(string worker, int max = 1) =>
        [.. (await Store.ClaimAsync(new()
        {
            WorkerId = worker, Max = max, Capabilities = Capabilities.TryParse(["files"])!,
        })).Select(static claimed => claimed.Task.Id)];

    private async Task<FileSet> FilesAsync(string text)
    {
        var bytes = Bytes(text);
        var (blobs, hash) = (blobsOf(Store), ModuleHash.From(SHA256.HashData(bytes)));
        var begun = await blobs.BeginAsync(hash, bytes.Length, null, long.MaxValue);
        Assert.True(await blobs.AppendAsync(begun.Upload, 0, bytes));
        Assert.NotNull(await blobs.SealAsync(begun.Upload, hash, null));
        return new([new("table", hash)]);
    }
}
