using System.Security.Cryptography;
using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Modules;
using Weft.Core.Storage;

namespace Weft.Storage.Tests.Conformance;

/// <summary>Whose modules are whose, and how many one owner may have.</summary>
public abstract class ModuleOwnersConformance(IStoreHost host, Func<ITaskStore, IModuleStore> modulesOf) : TaskStoreConformance(host)
{
    private static readonly TokenId Ada = new(7);
    private static readonly TokenId Ben = new(8);
    private static readonly OwnerBounds Bounds = IStoreHost.OwnerBounds;

    private IModuleStore Modules => modulesOf(Store);

    [Fact]
    public async Task AnOwner_FindsAndListsItsOwnAlone()
    {
        var hers = (await PushAsync("hers", Ada)).Module!;
        var his = (await PushAsync("his", Ben)).Module!;
        var nobodys = (await PushAsync("nobody's", null)).Module!;
        await ReopenAsync();
        Assert.Equal([hers], await Modules.ListAsync(Ada));
        Assert.Equal([his], await Modules.ListAsync(Ben));
        Assert.Equal([hers, his, nobodys], await Modules.ListAsync());
        Assert.Equal(hers, await Modules.FindAsync(hers.Hash, Ada));
        Assert.Null(await Modules.FindAsync(hers.Hash, Ben));
        Assert.Null(await Modules.FindAsync(nobodys.Hash, Ada));
        Assert.Equal(hers, await Modules.FindAsync(hers.Hash));
    }

    [Fact]
    public async Task TheSameBytes_OfTwoOwners_AreOneModule_NewToEachOfThem_UnderEachOnesName()
    {
        Assert.True((await PushAsync("same", Ada, "hers")).IsNew);
        var his = await PushAsync("same", Ben, "his");
        Assert.Equal((true, "his"), (his.IsNew, his.Module!.Name));
        Assert.False((await PushAsync("same", Ben, null)).IsNew);
        Assert.Equal("hers", Assert.Single(await Modules.ListAsync(Ada)).Name);
        Assert.Equal("his", Assert.Single(await Modules.ListAsync(Ben)).Name);
        Assert.Equal("hers", Assert.Single(await Modules.ListAsync()).Name);
    }

    [Fact]
    public async Task Modules_AreBoundedPerOwner_AndWhatItHasMayComeAgain()
    {
        for (var i = 0; i < Bounds.Modules; i++) Assert.True((await PushAsync($"m{i}", Ada)).IsNew);
        Assert.Equal(new(null, false, OwnerIsFull: true), await PushAsync("one more", Ada));
        Assert.Equal(Bounds.Modules, (await Modules.ListAsync()).Count);
        Assert.NotNull((await PushAsync("m0", Ada)).Module);
        Assert.True((await PushAsync("one more", Ben)).IsNew);
        // Known, but not to her.
        Assert.True((await PushAsync("one more", Ada)).OwnerIsFull);
        Assert.Equal(ModuleDeletion.Deleted, await Modules.DeleteAsync(HashOf("m0"), Ada));
        Assert.True((await PushAsync("one more", Ada)).IsNew);
    }

    [Fact]
    public async Task BytesOfModules_AreBoundedPerOwner()
    {
        Assert.True((await PushAsync(new string('a', (int)Bounds.ModuleBytes - 10), Ada)).IsNew);
        Assert.True((await PushAsync(new string('b', 11), Ada)).OwnerIsFull);
        Assert.True((await PushAsync(new string('b', 10), Ada)).IsNew);
    }

    [Fact]
    public async Task Uploads_AreBoundedPerOwner()
    {
        for (var i = 1; i < Limits.ModuleUploadsOfOwnerMax; i++) Assert.NotNull(await Modules.BeginUploadAsync(ModuleKind.Wasm, null, Ada));
        var last = await Modules.BeginUploadAsync(ModuleKind.Wasm, null, Ada);
        Assert.NotNull(last);
        Assert.Null(await Modules.BeginUploadAsync(ModuleKind.Wasm, null, Ada));
        Assert.NotNull(await Modules.BeginUploadAsync(ModuleKind.Wasm, null, Ben));
        await Modules.DropUploadAsync(last.Value);
        Assert.NotNull(await Modules.BeginUploadAsync(ModuleKind.Wasm, null, Ada));
    }

    [Fact]
    public async Task Delete_ByAnOwner_LeavesWhatOthersHave_AndWhatIsInUse()
    {
        foreach (var owner in (TokenId[])[Ada, Ben]) await PushAsync("same", owner);
        var hash = HashOf("same");
        Assert.Equal(ModuleDeletion.NotFound, await Modules.DeleteAsync(hash, new(9)));
        Assert.Equal(ModuleDeletion.Deleted, await Modules.DeleteAsync(hash, Ada));
        Assert.Equal(ModuleDeletion.NotFound, await Modules.DeleteAsync(hash, Ada));
        await SubmitAsync(Plain with { Module = hash });
        Assert.Equal(ModuleDeletion.InUse, await Modules.DeleteAsync(hash, Ben));
        Assert.NotNull(await Modules.FindAsync(hash, Ben));
        Assert.Equal(ModuleDeletion.InUse, await Modules.DeleteAsync(hash));
    }

    private static ModuleHash HashOf(string text) => ModuleHash.From(SHA256.HashData(Bytes(text)));

    private Task<ModuleSealed> PushAsync(string text, TokenId? owner) => PushAsync(text, owner, text[..1]);

    private async Task<ModuleSealed> PushAsync(string text, TokenId? owner, string? name)
    {
        var upload = await Modules.BeginUploadAsync(ModuleKind.Wasm, name, owner);
        await Modules.AppendAsync(upload!.Value, 0, Bytes(text));
        return await Modules.SealAsync(upload.Value, HashOf(text), Bytes(text).Length, owner);
    }
}
