using System.Security.Cryptography;
using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Conformance;

/// <summary>Whose modules are whose, and how many one owner may have.</summary>
public abstract class ModuleOwnersConformance(IStoreHost host, Func<ITaskStore, IModuleStore> modulesOf,
    Func<ITaskStore, ITokenStore> tokensOf)
    : TaskStoreConformance(host)
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
        for (var i = 1; i < Limits.ModuleUploadsOfOwnerMax; i++)
            Assert.NotNull(await Modules.BeginUploadAsync(ModuleKind.Wasm, null, Ada));
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
        Assert.Equal(SubmitStatus.Stored, await NameAsync(hash, Ben));
        Assert.Equal(ModuleDeletion.InUse, await Modules.DeleteAsync(hash, Ben));
        Assert.NotNull(await Modules.FindAsync(hash, Ben));
        Assert.Equal(ModuleDeletion.InUse, await Modules.DeleteAsync(hash));
    }

    [Fact]
    public async Task Delete_ByAnOwner_IsNotKeptUpByTasksOfOthers_NorByAQueue()
    {
        var hash = (await PushAsync("hers", Ada)).Module!.Hash;
        await SubmitAsync(Plain with { Module = hash });
        Assert.Equal(SubmitStatus.Stored, await Modules.SetQueueModuleAsync("q", new(hash, null)));
        Assert.Equal(ModuleDeletion.Deleted, await Modules.DeleteAsync(hash, Ada));
        // It is stored for those who name it, and is nobody's.
        Assert.Null(await Modules.FindAsync(hash, Ada));
        Assert.NotNull(await Modules.FindAsync(hash));
        Assert.Equal(ModuleDeletion.InUse, await Modules.DeleteAsync(hash));
    }

    [Fact]
    public async Task Submit_NamesModulesOfItsOwn_AndOpenOnes_AndNoOthers()
    {
        var (ada, ben, admin) = (await TokenAsync(Scope.Submit, 1), await TokenAsync(Scope.Submit | Scope.Work, 2),
            await TokenAsync(Scope.Admin, 3));
        var hers = (await PushAsync("hers", ada)).Module!.Hash;
        Assert.Equal(SubmitStatus.ModuleNotFound, await NameAsync(hers, ben));
        Assert.Equal(SubmitStatus.Stored, await NameAsync(hers, ada));
        Assert.Equal(SubmitStatus.Stored, await NameAsync(hers, null));
        await ReopenAsync();
        Assert.Equal(SubmitStatus.ModuleNotFound, await NameAsync(hers, ben));
        Assert.Equal(SubmitStatus.Stored, await NameAsync((await PushAsync("an admin's", admin)).Module!.Hash, ben));
        Assert.Equal(SubmitStatus.Stored, await NameAsync((await PushAsync("nobody's", null)).Module!.Hash, ben));
        // What his queue names he may run, and what he pushes himself is his, too.
        Assert.Equal(SubmitStatus.Stored, await Modules.SetQueueModuleAsync("q", new(hers, null)));
        Assert.Equal(SubmitStatus.Stored,
            (await Store.SubmitAsync(new([Plain with { Queue = "q" }], Owner: ben, ModulesOf: ben))).Status);
        Assert.Equal(SubmitStatus.ModuleNotFound,
            (await Store.SubmitAsync(new([Plain with { Queue = "q" }, Plain with { Module = hers }], Owner: ben,
                ModulesOf: ben))).Status);
        await PushAsync("hers", ben);
        Assert.Equal(SubmitStatus.Stored, await NameAsync(hers, ben));
        // Of a token that is gone.
        var his = (await PushAsync("his", ben)).Module!.Hash;
        Assert.Equal(SubmitStatus.ModuleNotFound, await NameAsync(his, ada));
        Assert.True(await tokensOf(Store).RemoveAsync(ben));
        Assert.Equal(SubmitStatus.Stored, await NameAsync(his, ada));
    }

    /// <summary>Else whoever pushes a newer version of a package would run in everybody's tasks.</summary>
    [Fact]
    public async Task Wheels_AreFoundByName_WhereTheyAreOnesOwn_AnAdminsOrNobodys()
    {
        var (ada, ben, admin) = (await TokenAsync(Scope.Submit, 1), await TokenAsync(Scope.Submit, 2),
            await TokenAsync(Scope.Admin, 3));
        var hers = await PushWheelAsync("hers", ada);
        var his = await PushWheelAsync("his", ben);
        var admins = await PushWheelAsync("an admin's", admin);
        var nobodys = await PushWheelAsync("nobody's", null);
        await AssertFoundAsync([hers, admins, nobodys], ada);
        await AssertFoundAsync([his, admins, nobodys], ben);
        await AssertFoundAsync([admins, nobodys], admin);
        await AssertFoundAsync([admins, nobodys], null);

        // Also once the tokens are gone.
        Assert.True(await tokensOf(Store).RemoveAsync(ben));
        Assert.True(await tokensOf(Store).RemoveAsync(admin));
        await ReopenAsync();
        await AssertFoundAsync([hers, admins, nobodys], ada);
        await AssertFoundAsync([admins, nobodys], null);
    }

    [Fact]
    public async Task StoredBytes_CountHowModulesAreRun()
    {
        var hash = (await PushAsync("hers", Ada)).Module!.Hash;
        var run = Bytes($"{{{new string(' ', ((int)IStoreHost.OwnerMax.StoredBytes / 2) - 2)}}}");
        NewTask task = new() { Payload = Json("1"), Module = hash, Run = run };
        Assert.Equal(SubmitStatus.OwnerStoreFull, (await Store.SubmitAsync(new([task, task], Owner: Ada))).Status);
        Assert.Equal(SubmitStatus.Stored, (await Store.SubmitAsync(new([task], Owner: Ada))).Status);
        await ReopenAsync();
        Assert.Equal(SubmitStatus.OwnerStoreFull, (await Store.SubmitAsync(new([task], Owner: Ada))).Status);
        await AcceptAsync((await ClaimOneAsync("wasi")).Task.Id, TaskCommand.Cancel.Instance);
        await AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await Store.DeleteFinishedAsync(TimeSpan.FromMinutes(1), 10));
        Assert.Equal(SubmitStatus.Stored, (await Store.SubmitAsync(new([task], Owner: Ada))).Status);
    }

    private async Task<SubmitStatus> NameAsync(ModuleHash hash, TokenId? owner) =>
        (await Store.SubmitAsync(new([new() { Payload = Json("1"), Module = hash }], Owner: owner, ModulesOf: owner)))
            .Status;

    private async Task<TokenId> TokenAsync(Scope scopes, byte fill) =>
        (await tokensOf(Store).AddAsync(new(scopes, []), Enumerable.Repeat(fill, 32).ToArray()))!.Id;

    private static ModuleHash HashOf(string text) => ModuleHash.From(SHA256.HashData(Bytes(text)));

    private Task<ModuleSealed> PushAsync(string text, TokenId? owner) => PushAsync(text, owner, text[..1]);

    private async Task<ModuleHash> PushWheelAsync(string text, TokenId? owner) =>
        (await PushAsync(text, owner, text[..1], ModuleKind.Wheel)).Module!.Hash;

    private async Task AssertFoundAsync(ModuleHash[] wheels, TokenId? owner) =>
        Assert.Equal(wheels, (await Modules.ListWheelsAsync(owner)).Select(static wheel => wheel.Hash));

    private async Task<ModuleSealed> PushAsync(
        string text, TokenId? owner, string? name, ModuleKind kind = ModuleKind.Wasm)
    {
        var upload = await Modules.BeginUploadAsync(kind, name, owner);
        await Modules.AppendAsync(upload!.Value, 0, Bytes(text));
        return await Modules.SealAsync(upload.Value, HashOf(text), Bytes(text).Length, owner);
    }
}
