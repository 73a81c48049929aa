using System.Security.Cryptography;
using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Matching;
using Weft.Core.Modules;
using Weft.Core.Storage;

namespace Weft.Storage.Tests.Conformance;

/// <summary>What a store must do with modules, and with the tasks that name them.</summary>
public abstract class ModulesConformance(IStoreHost host, Func<ITaskStore, IModuleStore> modulesOf)
    : TaskStoreConformance(host)
{
    private IModuleStore Modules => modulesOf(Store);

    [Fact]
    public async Task Module_OfSeveralChunks_ComesBackAsItWas()
    {
        byte[][] chunks = [RandomNumberGenerator.GetBytes(Limits.ModuleChunkBytes), RandomNumberGenerator.GetBytes(7)];
        var hash = HashOf([.. chunks.SelectMany(static chunk => chunk)]);
        var stored = await PushAsync(hash, "product", ModuleKind.JavaScript, chunks);
        Assert.True(stored.IsNew);
        await ReopenAsync();

        var module = await Modules.FindAsync(hash);
        Assert.Equal(stored.Module, module);
        Assert.Equal(new(hash, ModuleKind.JavaScript, Limits.ModuleChunkBytes + 7, "product", module!.CreatedAt,
            InUse: false), module);
        Assert.Equal(module, Assert.Single(await Modules.ListAsync()));
        for (var i = 0; i < chunks.Length; i++)
            Assert.Equal(chunks[i], (await Modules.ReadChunkAsync(hash, i))!.Value.ToArray());
        Assert.Null(await Modules.ReadChunkAsync(hash, chunks.Length));
    }

    [Fact]
    public async Task Module_ThatIsKnown_StaysAndTakesTheNewName()
    {
        var first = await PushAsync("one", name: "old");
        await AdvanceAsync(TimeSpan.FromSeconds(1));
        var unnamed = await PushAsync(HashOf(Bytes("one")), null, ModuleKind.Wasm, Bytes("one"));
        Assert.Equal(new(first, IsNew: false), unnamed);
        var renamed = await PushAsync(HashOf(Bytes("one")), "new", ModuleKind.Wasm, Bytes("one"));
        Assert.Equal(new(first with { Name = "new" }, IsNew: false), renamed);
        Assert.Single(await Modules.ListAsync());
    }

    [Fact]
    public async Task Module_ThatIsKnownAsAnotherKind_IsRefused_AndStaysWhatItIs()
    {
        var hash = HashOf(Bytes("one"));
        await PushAsync(hash, "script", ModuleKind.JavaScript, Bytes("one"));
        var other = await PushAsync(hash, "task.py", ModuleKind.Python, Bytes("one"));
        Assert.Equal(new(null, IsNew: false, IsOfAnotherKind: true), other);
        var left = Assert.Single(await Modules.ListAsync());
        Assert.Equal((ModuleKind.JavaScript, "script"), (left.Kind, left.Name));
    }

    [Fact]
    public async Task Upload_ThatIsNotSealed_IsNoModule_NotEvenAfterARestart()
    {
        var left = (await Modules.BeginUploadAsync(ModuleKind.Wasm, "left"))!.Value;
        await Modules.AppendAsync(left, 0, Bytes("half"));
        var dropped = (await Modules.BeginUploadAsync(ModuleKind.Wasm, null))!.Value;
        await Modules.DropUploadAsync(dropped);
        Assert.Empty(await Modules.ListAsync());
        await ReopenAsync();
        await PushAsync("one");
        Assert.Equal(HashOf(Bytes("one")), Assert.Single(await Modules.ListAsync()).Hash);
        Assert.Null(await Modules.FindAsync(HashOf(Bytes("half"))));
    }

    [Fact]
    public async Task Delete_OfAModuleThatNothingNames_LeavesNothing()
    {
        var module = await PushAsync("one");
        await PushAsync("two");
        Assert.Equal(ModuleDeletion.Deleted, await Modules.DeleteAsync(module.Hash));
        Assert.Equal(ModuleDeletion.NotFound, await Modules.DeleteAsync(module.Hash));
        await ReopenAsync();
        Assert.Null(await Modules.FindAsync(module.Hash));
        Assert.Null(await Modules.ReadChunkAsync(module.Hash, 0));
        Assert.Equal("two", Assert.Single(await Modules.ListAsync()).Name);
        Assert.True((await PushAsync(module.Hash, null, ModuleKind.Wasm, Bytes("one"))).IsNew);
    }

    [Fact]
    public async Task Delete_WhileATaskNamesTheModule_IsRefused_UntilRetentionTookTheTask()
    {
        var module = await PushAsync("one");
        await SubmitAsync(Plain with { Module = module.Hash });
        await FailAsync(await ClaimOneAsync("wasi"), mayRetry: false);
        Assert.True(Assert.Single(await Modules.ListAsync()).InUse);
        Assert.Equal(ModuleDeletion.InUse, await Modules.DeleteAsync(module.Hash));

        await ReopenAsync();
        Assert.Equal(ModuleDeletion.InUse, await Modules.DeleteAsync(module.Hash));
        await Store.DeleteFinishedAsync(TimeSpan.Zero, 10);
        Assert.Equal(ModuleDeletion.Deleted, await Modules.DeleteAsync(module.Hash));
    }

    [Fact]
    public async Task Delete_WhileAQueueNamesTheModule_IsRefused()
    {
        var module = await PushAsync("one");
        Assert.Equal(SubmitStatus.Stored, await Modules.SetQueueModuleAsync("q", new(module.Hash, null)));
        Assert.Equal(ModuleDeletion.InUse, await Modules.DeleteAsync(module.Hash));
        await Modules.SetQueueModuleAsync("q", null);
        Assert.Equal(ModuleDeletion.Deleted, await Modules.DeleteAsync(module.Hash));
        Assert.Equal(SubmitStatus.ModuleNotFound, await Modules.SetQueueModuleAsync("q", new(module.Hash, null)));
        Assert.Empty(await Modules.ListQueueRunSizesAsync());
        Assert.Empty(await Modules.ListQueueModulesAsync(["q"]));
    }

    [Fact]
    public async Task Task_WithAModule_GoesOnlyToWorkersThatRunIt_AndCarriesItAndItsRun()
    {
        var wasm = await PushAsync("one");
        var script = await PushAsync(HashOf(Bytes("two")), null, ModuleKind.JavaScript, Bytes("two"));
        var first =
            await SubmitAsync(Plain with { Module = wasm.Hash, Run = Bytes("""{"fixed":true}"""),
                Requires = Requirements.Parse("simd") });
        var second = await SubmitAsync(Plain with { Module = script.Module!.Hash, Run = ReadOnlyMemory<byte>.Empty });
        await ReopenAsync();

        Assert.Empty(await ClaimIdsAsync(10));
        Assert.Equal(["simd", "wasi"], (await RecordAsync(first)).Requires.Labels);
        AssertCall(wasm.Hash, """{"fixed":true}""", (await FindAsync(first, TaskParts.Module)).Module);
        Assert.Null((await FindAsync(first, TaskParts.Payload)).Module);

        var claimed =
            await Store.ClaimAsync(new()
                { WorkerId = "w", Max = 9, Capabilities = Capabilities.TryParse(["wasi", "javascript", "simd"])! });
        Assert.Equal([first, second], claimed.Select(static task => task.Task.Id));
        AssertCall(wasm.Hash, """{"fixed":true}""", claimed[0].Module);
        AssertCall(script.Module.Hash, null, claimed[1].Module);
    }

    [Theory]
    [InlineData(1_024, null)]
    [InlineData(1_025, "memory=2048")]
    [InlineData(3_000, "memory=4096")]
    public async Task Task_GoesOnlyToWorkersThatHaveTheMemoryThatItMayUse(int memoryMb, string? wanted)
    {
        var module = await PushAsync("one");
        var task = await SubmitAsync(
            Plain with { Module = module.Hash, Run = Bytes($$"""{"args":["a"],"memoryMb":{{memoryMb}}}""") });
        var simple = await SubmitAsync(Plain with { Module = module.Hash });
        await ReopenAsync();

        var small = await Store.ClaimAsync(
            new() { WorkerId = "w", Max = 9, Capabilities = Capabilities.TryParse(["wasi", "memory=2047"])! });
        Assert.Equal(wanted is null ? [task, simple] : [simple], small.Select(static claimed => claimed.Task.Id));
        if (wanted is not null) Assert.Equal(task, (await ClaimOneAsync("wasi", wanted)).Task.Id);
    }

    [Fact]
    public async Task Task_ThatIsTriedAgain_StillCarriesItsModule()
    {
        var module = await PushAsync("one");
        await SubmitAsync(Plain with { Module = module.Hash, Run = Bytes("""{"memoryMb":9}""") });
        await FailAsync(await ClaimOneAsync("wasi"));
        await AdvanceAsync(TimeSpan.FromHours(1));
        await SweepAsync();
        AssertCall(module.Hash, """{"memoryMb":9}""", (await ClaimOneAsync("wasi")).Module);
    }

    [Fact]
    public async Task Submit_ToAQueueWithAModule_TakesIt_UnlessTheTaskNamesItsOwn()
    {
        var (ofQueue, own) = (await PushAsync("queue"), await PushAsync("own"));
        await Modules.SetQueueModuleAsync(Limits.QueueDefault, new(ofQueue.Hash, Bytes("""{"args":["q"]}""")));
        await ReopenAsync();
        var ids = await SubmitAllAsync(
            Plain,
            Plain with { Run = Bytes("""{"args":["t"]}""") },
            Plain with { Run = ReadOnlyMemory<byte>.Empty },
            Plain with { Module = own.Hash },
            Plain with { Queue = "other" });
        // What was resolved stays, whatever the queue says later.
        await Modules.SetQueueModuleAsync(Limits.QueueDefault, new(own.Hash, null));
        var stored = new List<ModuleCall?>();
        foreach (var id in ids) stored.Add((await FindAsync(id, TaskParts.Module)).Module);
        AssertCall(ofQueue.Hash, """{"args":["q"]}""", stored[0]);
        AssertCall(ofQueue.Hash, """{"args":["t"]}""", stored[1]);
        AssertCall(ofQueue.Hash, null, stored[2]);
        AssertCall(own.Hash, null, stored[3]);
        Assert.Null(stored[4]);
        Assert.Equal(own.Hash,
            Assert.Single(await Modules.ListQueueModulesAsync(["none", Limits.QueueDefault])).Value.Module);
    }

    [Fact]
    public async Task Submit_OfAModuleThatIsNotThere_OrARunWithoutOne_StoresNothing()
    {
        var module = await PushAsync("one");
        var unknown = await Store.SubmitAsync(new([Plain, Plain with { Module = HashOf(Bytes("unknown")) }]));
        Assert.Equal(SubmitStatus.ModuleNotFound, unknown.Status);
        var aimless =
            await Store.SubmitAsync(new([Plain with { Module = module.Hash },
                Plain with { Run = ReadOnlyMemory<byte>.Empty }]));
        Assert.Equal(SubmitStatus.RunWithoutModule, aimless.Status);
        Assert.Equal(0, (await CountsAsync()).Total);
        Assert.False(Assert.Single(await Modules.ListAsync()).InUse);
    }

    [Fact]
    public async Task Claim_OfModulesOnly_LeavesAllOtherTasks()
    {
        var module = await PushAsync("one");
        var ids = await SubmitAllAsync(Plain with { Priority = 9 }, Plain with { Module = module.Hash },
            Plain with { Requires = Requirements.Parse("simd") });
        var request = new ClaimRequest
            { WorkerId = "w", Max = 9, Capabilities = Capabilities.TryParse(["wasi", "simd"])!, ModulesOnly = true };
        Assert.Equal([ids[1]], (await Store.ClaimAsync(request)).Select(static claimed => claimed.Task.Id));
        Assert.Equal([ids[0], ids[2]],
            (await Store.ClaimAsync(request with { ModulesOnly = false })).Select(static claimed => claimed.Task.Id));
    }

    [Fact]
    public async Task Claim_OfATaskWithAModule_SaysWhoseItIs()
    {
        var module = await PushAsync("one");
        var task = Plain with { Module = module.Hash };
        foreach (var owner in (TokenId?[])[new(7), null, new(0)]) await Store.SubmitAsync(new([task], Owner: owner));
        await ReopenAsync();
        var claimed =
            await Store.ClaimAsync(new() { WorkerId = "w", Max = 9, Capabilities = Capabilities.TryParse(["wasi"])! });
        Assert.Equal([new TokenId(7), null, new TokenId(0)], claimed.Select(static each => each.Module!.Submitter));
    }

    [Fact]
    public async Task Submit_ToAQueueThatIsFullOfRequirements_StillTakesATaskThatAsksForNothing()
    {
        await SubmitAllAsync([.. Enumerable.Range(0, Limits.LanesPerQueueMax)
            .Select(static i => Plain with { Requires = Requirements.Parse($"r{i}") })]);
        var module = await PushAsync("one");
        await SubmitAsync(Plain with { Module = module.Hash });
        Assert.Equal(SubmitStatus.TooManyRequirements,
            (await Store.SubmitAsync(new([Plain with { Module = module.Hash, Requires = Requirements.Parse("r0") }])))
                .Status);
    }

    [Fact]
    public async Task Announcement_OfAModuleTask_SaysWhatItRequires()
    {
        var module = await PushAsync("one");
        var announced = new TaskCompletionSource<ReadyTasks>(TaskCreationOptions.RunContinuationsAsynchronously);
        Store.BecameReady += ready => announced.TrySetResult(ready);
        await SubmitAsync(Plain with { Module = module.Hash });
        Assert.Equal(new(Limits.QueueDefault, Requirements.Parse("wasi"), 1), await announced.Task);
    }

    private static ModuleHash HashOf(byte[] bytes) => ModuleHash.From(SHA256.HashData(bytes));

    private static void AssertCall(ModuleHash module, string? run, ModuleCall? call)
    {
        Assert.Equal(module, call?.Module);
        Assert.Equal(run, call?.Run is { } bytes ? System.Text.Encoding.UTF8.GetString(bytes.Span) : null);
    }

    /// <summary>
    /// Stores a module whose bytes are those of a text, and whose name is the text too unless another is given.
    /// </summary>
    private async Task<StoredModule> PushAsync(string text, string? name = null)
    {
        var stored = await PushAsync(HashOf(Bytes(text)), name ?? text, ModuleKind.Wasm, Bytes(text));
        Assert.True(stored.IsNew);
        return stored.Module!;
    }

    private async Task<ModuleSealed> PushAsync(ModuleHash hash, string? name, ModuleKind kind, params byte[][] chunks)
    {
        var upload = (await Modules.BeginUploadAsync(kind, name))!.Value;
        for (var i = 0; i < chunks.Length; i++) await Modules.AppendAsync(upload, i, chunks[i]);
        return await Modules.SealAsync(upload, hash, chunks.Sum(static chunk => chunk.Length));
    }
}
