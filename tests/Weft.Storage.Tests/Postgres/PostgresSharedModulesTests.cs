using System.Security.Cryptography;
using Weft.Core;
using Weft.Core.Matching;
using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Postgres;

namespace Weft.Storage.Tests.Postgres;

/// <summary>Modules of several stores on one database.</summary>
public sealed class PostgresSharedModulesTests : IAsyncLifetime
{
    private readonly PostgresStoreHost _host = new();
    private PostgresTaskStore _one = null!;
    private PostgresTaskStore _other = null!;

    public async ValueTask InitializeAsync() =>
        (_one, _other) = ((PostgresTaskStore)await _host.OpenAsync(), (PostgresTaskStore)await _host.OpenAsync());

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _other.DisposeAsync();
        _host.AssertSound();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task AModule_IsThereForEverybodyAtOnce_AndGoneForEverybody()
    {
        // The other has taken tasks without modules before, and has no reason to look for any.
        await SubmitAsync(_other, new() { Payload = Payload });
        var module = await PushAsync(_one, "one");
        var id = await SubmitAsync(_other, new() { Payload = Payload, Module = module });
        Assert.Equal(ModuleDeletion.InUse, await _one.Modules.DeleteAsync(module));

        var claimed =
            Assert.Single(
                await _one.ClaimAsync(new()
                    { WorkerId = "w", Capabilities = Capabilities.TryParse(["wasi"])!, ModulesOnly = true }));
        Assert.Equal((id, module), (claimed.Task.Id, claimed.Module!.Module));
        await _other.ApplyAsync([new(id, new TaskCommand.Complete(null, "1"u8.ToArray()))]);
        await _other.DeleteFinishedAsync(TimeSpan.Zero, 10);
        Assert.Equal(ModuleDeletion.Deleted, await _other.Modules.DeleteAsync(module));
        Assert.Equal(SubmitStatus.ModuleNotFound,
            (await _one.SubmitAsync(new([new() { Payload = Payload, Module = module }]))).Status);
    }

    [Fact]
    public async Task AQueuesModule_CountsEverywhereAtOnce()
    {
        var module = await PushAsync(_one, "one");
        await SubmitAsync(_other, new() { Queue = "q", Payload = Payload });
        await _one.Modules.SetQueueModuleAsync("q", new(module, null));
        var id = await SubmitAsync(_other, new() { Queue = "q", Payload = Payload });
        Assert.Equal(module, (await _one.FindAsync(id, TaskParts.Module))!.Module!.Module);
        await _other.Modules.SetQueueModuleAsync("q", null);
        Assert.Null(
            (await _one.FindAsync(await SubmitAsync(_one, new() { Queue = "q", Payload = Payload }),
                TaskParts.Module))!.Module);
    }

    [Fact]
    public async Task ADeletion_BesideSubmitsThatNameTheModule_NeverLeavesATaskWithoutIt()
    {
        for (var round = 0; round < 10; round++)
        {
            var module = await PushAsync(_one, $"round {round}");
            var submits = Enumerable.Range(0, 20)
                .Select(_ => Task.Run(() => _other.SubmitAsync(new([new() { Payload = Payload, Module = module }]))));
            var deletion = Task.Run(() => _one.Modules.DeleteAsync(module));
            var stored = (await Task.WhenAll(submits)).Count(static outcome => outcome.Status == SubmitStatus.Stored);
            Assert.Equal(stored == 0 ? ModuleDeletion.Deleted : ModuleDeletion.InUse, await deletion);
            // The sound schema, which the end of the test looks at, has no task whose module is gone.
        }
    }

    [Fact]
    public async Task AnUpload_ThatOthersBegin_IsLeftAlone_UntilNothingHasComeForLong()
    {
        var upload = (await _one.Modules.BeginUploadAsync(ModuleKind.Wasm, null))!.Value;
        await _one.Modules.AppendAsync(upload, 0, "a"u8.ToArray());
        await _host.AdvanceAsync(Limits.ModuleUploadIdleMax / 2);
        await _one.Modules.AppendAsync(upload, 1, "b"u8.ToArray());
        await _host.AdvanceAsync(Limits.ModuleUploadIdleMax - TimeSpan.FromMilliseconds(1));
        await _other.Modules.BeginUploadAsync(ModuleKind.Wasm, null);
        await _one.Modules.AppendAsync(upload, 2, "c"u8.ToArray());
        await _host.AdvanceAsync(Limits.ModuleUploadIdleMax);
        await _other.Modules.BeginUploadAsync(ModuleKind.Wasm, null);
        var given =
            await Assert.ThrowsAsync<StoreException>(() => _one.Modules.AppendAsync(upload, 3, "d"u8.ToArray()));
        Assert.Equal(StoreErrorKind.Unavailable, given.Kind);
    }

    private static Payload Payload => new("{}"u8.ToArray(), IsJson: true);

    private static async Task<TaskId> SubmitAsync(PostgresTaskStore store, NewTask task) =>
        Assert.Single((await store.SubmitAsync(new([task]))).Ids);

    private static async Task<ModuleHash> PushAsync(PostgresTaskStore store, string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        var hash = ModuleHash.From(SHA256.HashData(bytes));
        var upload = (await store.Modules.BeginUploadAsync(ModuleKind.Wasm, null))!.Value;
        await store.Modules.AppendAsync(upload, 0, bytes);
        Assert.True((await store.Modules.SealAsync(upload, hash, bytes.Length)).IsNew);
        return hash;
    }
}
