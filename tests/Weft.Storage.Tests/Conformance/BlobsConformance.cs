using System.Security.Cryptography;
using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Modules;
using Weft.Core.Storage;

namespace Weft.Storage.Tests.Conformance;

/// <summary>What a store must do with blobs, which share the tables of the modules.</summary>
public abstract class BlobsConformance(
    IStoreHost host, Func<ITaskStore, IBlobStore> blobsOf, Func<ITaskStore, IModuleStore> modulesOf,
    Func<ITaskStore, ITokenStore> tokensOf)
    : TaskStoreConformance(host)
{
    private static readonly TokenId One = new(7);
    private static readonly TokenId Other = new(8);

    private IBlobStore Blobs => blobsOf(Store);

    private IModuleStore Modules => modulesOf(Store);

    [Fact]
    public async Task Blob_OfSeveralChunks_ComesBackAsItWas()
    {
        var bytes = RandomNumberGenerator.GetBytes((5 * Limits.ModuleChunkBytes) + 7);
        var blob = await PushAsync(bytes);
        await ReopenAsync();
        Assert.Equal(blob, await Blobs.FindAsync(blob.Hash));
        Assert.Equal((bytes.Length, ModuleKind.Data, false), (blob.Size, blob.Kind, blob.InUse));
        Assert.Equal(blob, Assert.Single(await Blobs.ListAsync(null, 0, 10)).Blob);
        Assert.Empty(await Modules.ListAsync());
        var read = new List<byte>();
        for (var i = 0; await Modules.ReadChunkAsync(blob.Hash, i) is { } chunk; i++) read.AddRange(chunk.Span);
        Assert.Equal(bytes, read);
    }

    [Fact]
    public async Task Upload_GoesOnAfterARestart_WhereItStopped()
    {
        var bytes = RandomNumberGenerator.GetBytes(3 * Limits.ModuleChunkBytes);
        var hash = HashOf(bytes);
        var begun = await BeginAsync(hash, bytes.Length);
        Assert.True(await Blobs.AppendAsync(begun.Upload, 0, bytes.AsMemory(0, 2 * Limits.ModuleChunkBytes)));
        Assert.Null(await Blobs.FindAsync(hash));
        await ReopenAsync();
        // A module's upload drops what was left of others like it, and not this.
        await Modules.BeginUploadAsync(ModuleKind.Wasm, "other");

        var again = await BeginAsync(hash, bytes.Length);
        Assert.Equal((begun.Upload, 2), (again.Upload, again.Chunks));
        Assert.False(await Blobs.AppendAsync(again.Upload, 1, new byte[Limits.ModuleChunkBytes]));
        Assert.True(await Blobs.AppendAsync(again.Upload, 2, bytes.AsMemory(2 * Limits.ModuleChunkBytes)));
        Assert.Equal(bytes[..Limits.ModuleChunkBytes],
            (await Blobs.ReadUploadedAsync(again.Upload, 0))!.Value.ToArray());
        Assert.Equal(hash, (await Blobs.SealAsync(again.Upload, hash, null))!.Hash);
    }

    [Fact]
    public async Task Append_BehindChunksThatAreNotThere_StoresNothing()
    {
        // As after a crash of a database that lost the end of an upload, which its coordinator goes on with.
        var bytes = RandomNumberGenerator.GetBytes(3 * Limits.ModuleChunkBytes);
        var begun = await BeginAsync(HashOf(bytes), bytes.Length);
        Assert.False(await Blobs.AppendAsync(begun.Upload, 1, bytes.AsMemory(Limits.ModuleChunkBytes)));
        Assert.Equal(0, (await BeginAsync(HashOf(bytes), bytes.Length)).Chunks);
    }

    [Fact]
    public async Task Append_IsThereForReaders_AtOnce()
    {
        const int chunks = 8;
        var bytes = RandomNumberGenerator.GetBytes(chunks * Limits.ModuleChunkBytes);
        var begun = await BeginAsync(HashOf(bytes), bytes.Length);
        for (var index = 0; index < chunks; index++)
        {
            var chunk = bytes.AsMemory(index * Limits.ModuleChunkBytes, Limits.ModuleChunkBytes);
            Assert.True(await Blobs.AppendAsync(begun.Upload, index, chunk));
            var read = await Blobs.ReadUploadedAsync(begun.Upload, index);
            Assert.True(read!.Value.Span.SequenceEqual(chunk.Span), $"chunk {index} has other bytes");
        }
    }

    [Fact]
    public async Task Seal_OfAnUploadThatLacksBytes_MakesNoBlob_AndKeepsWhatIsThere()
    {
        var bytes = RandomNumberGenerator.GetBytes(2 * Limits.ModuleChunkBytes);
        var begun = await BeginAsync(HashOf(bytes), bytes.Length);
        await Blobs.AppendAsync(begun.Upload, 0, bytes.AsMemory(0, Limits.ModuleChunkBytes));
        Assert.Null(await Blobs.SealAsync(begun.Upload, HashOf(bytes), null));
        Assert.Null(await Blobs.FindAsync(HashOf(bytes)));
        var again = await BeginAsync(HashOf(bytes), bytes.Length);
        Assert.Equal((begun.Upload, 1), (again.Upload, again.Chunks));
    }

    [Fact]
    public async Task Begin_BeyondTheBounds_IsRefused()
    {
        var (small, large) = (Bytes("small"), new byte[101]);
        await PushAsync(small);
        Assert.Equal(BlobRefusal.StoreFull,
            (await Blobs.BeginAsync(HashOf(large), 101, null, storeBytesMax: 105)).Refusal);
        Assert.Equal(BlobRefusal.None, (await Blobs.BeginAsync(HashOf(large), 101, null, storeBytesMax: 106)).Refusal);
        // What is on its way counts too.
        Assert.Equal(BlobRefusal.StoreFull,
            (await Blobs.BeginAsync(HashOf(Bytes("x")), 1, null, storeBytesMax: 106)).Refusal);
        var share = (int)IStoreHost.OwnerBounds.BlobBytes;
        await PushAsync(RandomNumberGenerator.GetBytes(share), One);
        Assert.Equal(BlobRefusal.OwnerFull, (await BeginAsync(HashOf(Bytes("x")), 1, One)).Refusal);
        Assert.Equal(BlobRefusal.None, (await BeginAsync(HashOf(Bytes("x")), 1, Other)).Refusal);
    }

    // Of small ones, or none of them would be left to others.
    [Fact]
    public async Task Begin_OfMoreThanAnOwnerMayHave_IsRefused_HoweverSmallTheyAre()
    {
        for (var i = 0; i < IStoreHost.OwnerBounds.Blobs; i++) await PushAsync(BitConverter.GetBytes((short)i), One);
        Assert.Equal(BlobRefusal.OwnerFull, (await BeginAsync(HashOf(Bytes("x")), 1, One)).Refusal);
        Assert.Equal(BlobRefusal.None, (await BeginAsync(HashOf(Bytes("x")), 1, Other)).Refusal);
        var first = (await Blobs.ListAsync(One, 0, 1))[0].Blob;
        await Blobs.DeleteAsync(first.Hash, One);
        await CleanAsync(10);
        Assert.Equal(BlobRefusal.None, (await BeginAsync(HashOf(Bytes("y")), 1, One)).Refusal);
    }

    [Fact]
    public async Task Blob_OfTwoOwners_IsStoredOnce_AndStaysUntilBothGaveItUp()
    {
        var bytes = Bytes("shared");
        var blob = await PushAsync(bytes, One);
        Assert.Null(await Blobs.FindAsync(blob.Hash, Other));
        Assert.Equal(blob, await PushAsync(bytes, Other));
        Assert.Equal(blob, await Blobs.FindAsync(blob.Hash, Other));
        Assert.Single(await Blobs.ListAsync(null, 0, 10));
        Assert.Equal(ModuleDeletion.Deleted, await Blobs.DeleteAsync(blob.Hash, One));
        Assert.Empty(await Blobs.ListAsync(One, 0, 10));
        Assert.Equal(blob, Assert.Single(await Blobs.ListAsync(Other, 0, 10)).Blob);
        Assert.Equal(ModuleDeletion.Deleted, await Blobs.DeleteAsync(blob.Hash, Other));
        Assert.Equal(ModuleDeletion.NotFound, await Blobs.DeleteAsync(blob.Hash));
    }

    [Fact]
    public async Task Delete_FreesTheChunksStepByStep()
    {
        var blob = await PushAsync(RandomNumberGenerator.GetBytes(5 * Limits.ModuleChunkBytes));
        var other = await PushAsync(Bytes("other"));
        Assert.Equal(ModuleDeletion.Deleted, await Blobs.DeleteAsync(blob.Hash));
        Assert.Null(await Blobs.FindAsync(blob.Hash));
        foreach (var chunks in (int[])[2, 2, 1, 0]) Assert.Equal(chunks, await CleanAsync(2));
        Assert.Equal(other, Assert.Single(await Blobs.ListAsync(null, 0, 10)).Blob);
    }

    [Fact]
    public async Task Clean_TakesWhatNobodyUsedForLong_AndUploadsThatWereLeft()
    {
        await PushAsync(Bytes("old"), One);
        await BeginAsync(HashOf(Bytes("left")), 4, One);
        await AdvanceAsync(Limits.BlobUploadIdleMax);
        var kept = await PushAsync(Bytes("new"), One);
        Assert.Equal(1, await Blobs.CleanAsync(Limits.BlobUploadIdleMax, 10));
        Assert.Equal(kept, Assert.Single(await Blobs.ListAsync(null, 0, 10)).Blob);
        // Their room is free again.
        Assert.Equal(BlobRefusal.None, (await Blobs.BeginAsync(HashOf(Bytes("x")), 7, One, storeBytesMax: 10)).Refusal);
    }

    [Fact]
    public async Task Keep_CountsAsAPush()
    {
        var blob = await PushAsync(Bytes("old"), One);
        await AdvanceAsync(TimeSpan.FromHours(2));
        Assert.Equal(blob, await Blobs.KeepAsync(blob.Hash, One));
        await Blobs.CleanAsync(TimeSpan.FromHours(1), 10);
        Assert.Equal(blob, await Blobs.FindAsync(blob.Hash));
    }

    [Fact]
    public async Task Blob_ThatIsPushedAsAModule_IsOne()
    {
        var blob = await PushAsync(Bytes("program"));
        Assert.Equal(SubmitStatus.ModuleNotFound,
            (await Store.SubmitAsync(new([Plain with { Module = blob.Hash }]))).Status);
        Assert.Equal(ModuleDeletion.NotFound, await Modules.DeleteAsync(blob.Hash));
        var upload = (await Modules.BeginUploadAsync(ModuleKind.Python, "program.py"))!.Value;
        await Modules.AppendAsync(upload, 0, Bytes("program"));
        var module = (await Modules.SealAsync(upload, blob.Hash, blob.Size)).Module;
        Assert.Equal(blob with { Kind = ModuleKind.Python, Name = "program.py" }, module);
        Assert.Equal(module, await Blobs.FindAsync(blob.Hash));
        await SubmitAsync(Plain with { Module = blob.Hash });
        Assert.Empty(await Blobs.ListAsync(null, 0, 10));
    }

    [Fact]
    public async Task Files_OfTasks_KeepTheirBlobs_UntilRetentionTookTheLastOfThem()
    {
        var (one, two) = (await PushAsync(Bytes("one")), await PushAsync(Bytes("two")));
        var files = new FileSet([new("b", two.Hash), new("a", one.Hash), new("c", one.Hash)]);
        var ids = await SubmitAllAsync(Plain with { Files = files }, Plain with { Files = new(files.Files) });
        await ReopenAsync();
        Assert.Equal(["files"], (await RecordAsync(ids[0])).Requires.Labels);
        Assert.Equal(files.Json.ToArray(), (await FindAsync(ids[1], TaskParts.Module)).Module!.Files!.Value.ToArray());
        Assert.Equal(ModuleDeletion.InUse, await Blobs.DeleteAsync(one.Hash));
        await AdvanceAsync(TimeSpan.FromDays(8));
        Assert.Equal(0, await CleanAsync(9));

        var claimed = await ClaimOneAsync("files");
        Assert.Null(claimed.Module!.Module);
        Assert.Equal(files.Json.ToArray(), claimed.Module.Files!.Value.ToArray());
        await CompleteAsync(claimed);
        await CompleteAsync(await ClaimOneAsync("files"));
        await Store.DeleteFinishedAsync(TimeSpan.Zero, 1);
        Assert.Equal(0, await CleanAsync(9));
        await Store.DeleteFinishedAsync(TimeSpan.Zero, 1);
        Assert.Equal(2, await CleanAsync(9));
        Assert.Null(await Blobs.FindAsync(one.Hash));

        // The same files again are stored anew.
        await PushAsync(Bytes("one"));
        Assert.Equal(SubmitStatus.BlobNotFound, (await Store.SubmitAsync(new([Plain with { Files = files }]))).Status);
        await PushAsync(Bytes("two"));
        await SubmitAsync(Plain with { Files = files });
        Assert.Equal(ModuleDeletion.InUse, await Blobs.DeleteAsync(two.Hash));
    }

    [Fact]
    public async Task Files_OfAnotherOwner_CannotBeNamed()
    {
        // A token that there is: what nobody owns any more is open to all.
        var owner = (await tokensOf(Store).AddAsync(new(Scope.Submit, []), RandomNumberGenerator.GetBytes(32)))!.Id;
        var (own, open) = (await PushAsync(Bytes("own"), owner), await PushAsync(Bytes("open")));
        Submission Of(TokenId? whose, params StoredModule[] blobs) => new(
            [.. blobs.Select(static blob => Plain with { Files = new([new("a", blob.Hash)]) })], Owner: whose,
            ModulesOf: whose);
        Assert.Equal(SubmitStatus.BlobNotFound, (await Store.SubmitAsync(Of(Other, open, own))).Status);
        Assert.Equal(SubmitStatus.Stored, (await Store.SubmitAsync(Of(owner, open, own))).Status);
        Assert.Equal(ModuleDeletion.InUse, await Blobs.DeleteAsync(own.Hash, owner));
        Assert.Equal(SubmitStatus.Stored, (await Store.SubmitAsync(Of(null, own))).Status);
    }

    [Fact]
    public async Task Files_OfAQueue_AreThoseOfItsTasks_UnlessATaskNamesItsOwn()
    {
        var (one, two) = (await PushAsync(Bytes("one")), await PushAsync(Bytes("two")));
        var (ofQueue, own) = (new FileSet([new("a", one.Hash)]), new FileSet([new("b", two.Hash)]));
        const string queue = Limits.QueueDefault;
        Assert.Equal(SubmitStatus.Stored, await Modules.SetQueueModuleAsync(queue, new(null, null), ofQueue));
        await ReopenAsync();
        var ids = await SubmitAllAsync(Plain, Plain with { Files = own }, Plain with { Queue = "other" },
            Plain with { Files = FileSet.Empty, Run = Bytes("{\"outMb\":1}") });

        string?[] expected = [Text(ofQueue), Text(own), null, Text(ofQueue)];
        for (var i = 0; i < ids.Count; i++)
        {
            var files = (await FindAsync(ids[i], TaskParts.Module)).Module?.Files;
            Assert.Equal(expected[i], files is { } json ? System.Text.Encoding.UTF8.GetString(json.Span) : null);
        }
        Assert.Equal(["files"], (await RecordAsync(ids[0])).Requires.Labels);
        Assert.Empty((await RecordAsync(ids[2])).Requires.Labels);
        Assert.Equal(ofQueue.Json.ToArray(),
            (await Modules.ListQueueModulesAsync([queue]))[queue].Files!.Value.ToArray());
    }

    [Fact]
    public async Task Files_OfAQueue_KeepTheirBlobs_UntilTheQueueHasOthers()
    {
        var blob = await PushAsync(Bytes("one"));
        var files = new FileSet([new("a", blob.Hash)]);
        await Modules.SetQueueModuleAsync("q", new(null, null), files);
        await AdvanceAsync(TimeSpan.FromDays(8));
        // Retention looks at all sets of files, too.
        await Store.DeleteFinishedAsync(TimeSpan.Zero, 9);
        Assert.Equal(0, await CleanAsync(9));
        Assert.Equal(ModuleDeletion.InUse, await Blobs.DeleteAsync(blob.Hash));

        var unknown = new FileSet([new("a", HashOf(Bytes("unknown")))]);
        Assert.Equal(SubmitStatus.BlobNotFound, await Modules.SetQueueModuleAsync("q", new(null, null), unknown));
        Assert.Equal(files.Json.Length, Assert.Single(await Modules.ListQueueRunSizesAsync()).Value);

        await Modules.SetQueueModuleAsync("q", null);
        Assert.Equal(ModuleDeletion.Deleted, await Blobs.DeleteAsync(blob.Hash));
        Assert.Equal(SubmitStatus.BlobNotFound, await Modules.SetQueueModuleAsync("q", new(null, null), files));
    }

    [Fact]
    public async Task Run_OfAQueue_MayLetItsTasksWrite_UnlessATaskHasARunItself()
    {
        var run = Bytes("{\"outMb\":2}");
        await Modules.SetQueueModuleAsync("q", new(null, run), FileSet.Empty);
        var blob = (await PushAsync(Bytes("table"))).Hash;
        var ids = await SubmitAllAsync(Plain with { Queue = "q" },
            Plain with { Queue = "q", Files = new([new("a", blob)]) });
        Assert.Equal(["files"], (await RecordAsync(ids[0])).Requires.Labels);
        Assert.Equal(run, (await FindAsync(ids[0], TaskParts.Module)).Module!.Run!.Value.ToArray());
        Assert.Equal(run, (await FindAsync(ids[1], TaskParts.Module)).Module!.Run!.Value.ToArray());
        Assert.Equal(SubmitStatus.RunWithoutModule,
            (await Store.SubmitAsync(new([Plain with { Queue = "q", Run = Bytes("{\"fixed\":true}") }]))).Status);
    }

    private static string Text(FileSet files) => System.Text.Encoding.UTF8.GetString(files.Json.Span);

    private static ModuleHash HashOf(byte[] bytes) => ModuleHash.From(SHA256.HashData(bytes));

    private Task<int> CleanAsync(int chunksMax) => Blobs.CleanAsync(TimeSpan.FromDays(7), chunksMax);

    private Task<BlobBegun> BeginAsync(ModuleHash hash, long size, TokenId? owner = null) =>
        Blobs.BeginAsync(hash, size, owner, long.MaxValue);

    private async Task<StoredModule> PushAsync(byte[] bytes, TokenId? owner = null)
    {
        var hash = HashOf(bytes);
        var begun = await BeginAsync(hash, bytes.Length, owner);
        Assert.Equal(BlobRefusal.None, begun.Refusal);
        Assert.True(await Blobs.AppendAsync(begun.Upload, 0, bytes));
        var blob = await Blobs.SealAsync(begun.Upload, hash, owner);
        Assert.NotNull(blob);
        return blob;
    }
}
