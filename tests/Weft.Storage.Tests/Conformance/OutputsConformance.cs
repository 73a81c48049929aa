using System.Security.Cryptography;
using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Conformance;

/// <summary>What a store must do with the files that tasks write.</summary>
public abstract class OutputsConformance(IStoreHost host, Func<ITaskStore, IBlobStore> blobsOf)
    : TaskStoreConformance(host)
{
    private static readonly TokenId One = new(7);

    private IBlobStore Blobs => blobsOf(Store);

    [Fact]
    public async Task Outputs_ComeWithTheResult_AndDieWithTheTask()
    {
        var group = await CreateGroupAsync("run");
        var claimed = await ClaimAsync(Plain with { Group = group });
        var (one, two) = (await PushAsync(claimed, "one"), await PushAsync(claimed, "two"));
        var outputs = new FileSet([new("b", two, 3), new("a/c", one, 3), new("d", one, 3)]);
        Assert.Equal(Refusal.None, await CompleteAsync(claimed, outputs));
        // The answer was lost, and it is said again.
        Assert.Equal(Refusal.None, await CompleteAsync(claimed, outputs));
        foreach (var _ in (int[])[1, 2])
        {
            var stored = await FindAsync(claimed.Task.Id, TaskParts.Result);
            Assert.Equal(outputs.Json.ToArray(), stored.Outputs!.Value.ToArray());
            foreach (var order in (ResultOrder[])[ResultOrder.Finished, ResultOrder.Submitted])
            {
                var result = Assert.Single((await Store.ListResultsAsync(group, order, 0, 10)).Results);
                Assert.Equal(outputs.Json.ToArray(), result.Outputs!.Value.ToArray());
            }

            await ReopenAsync();
        }

        Assert.Equal(ModuleDeletion.InUse, await Blobs.DeleteAsync(one));
        await AdvanceAsync(TimeSpan.FromDays(8));
        Assert.Equal(0, await CleanAsync());
        Assert.Equal(1, await Store.DeleteFinishedAsync(TimeSpan.Zero, 1));
        Assert.Equal(2, await CleanAsync());
        Assert.Null(await Blobs.FindAsync(one));
    }

    [Fact]
    public async Task Complete_ThatNamesWhatIsNotThere_ChangesNothing()
    {
        var claimed = await ClaimAsync(Plain);
        var blob = await PushAsync(claimed, "one");
        var none = HashOf(Bytes("none"));
        Assert.Equal(Refusal.OutputNotFound, await CompleteAsync(claimed, new([new("a", none, 4)])));
        Assert.Equal(Refusal.OutputNotFound, await CompleteAsync(claimed, new([new("a", blob, 4)])));
        Assert.Equal(Refusal.OutputNotFound,
            await CompleteAsync(claimed, new([new("a", blob, 3), new("b", none, 4)])));
        Assert.Equal(TaskState.Leased, await StateAsync(claimed.Task.Id));
        Assert.Equal(Refusal.None, await CompleteAsync(claimed, new([new("a", blob, 3)])));
    }

    [Fact]
    public async Task Outputs_OfAnAttemptThatNamedNone_Go_OnceItIsOver()
    {
        var claimed = await ClaimAsync(Plain);
        var blob = await PushAsync(claimed, "pushed");
        await BeginAsync(claimed, "on its way");
        await AdvanceAsync(Limits.OutputIdleMax + TimeSpan.FromMinutes(1));
        Assert.Equal(0, await CleanAsync());
        Assert.NotNull(await Blobs.FindAsync(blob));
        // Its lease is over, and the sweep has seen that.
        await SweepAsync();
        Assert.Equal(1, await CleanAsync());
        Assert.Null(await Blobs.FindAsync(blob));
    }

    [Fact]
    public async Task AnOutput_ThatASubmitterPushesToo_IsAnyBlob()
    {
        var claimed = await ClaimAsync(Plain);
        var blob = await PushAsync(claimed, "both");
        Assert.NotNull(await Blobs.KeepAsync(blob, One));
        await AcceptAsync(claimed.Task.Id, new TaskCommand.Release(claimed.Task.Lease!.Token));
        await AdvanceAsync(Limits.OutputIdleMax);
        Assert.Equal(0, await CleanAsync());
        Assert.NotNull(await Blobs.FindAsync(blob));
    }

    [Fact]
    public async Task Begin_BeyondTheTasksShare_IsRefused()
    {
        var (claimed, other) = (await ClaimAsync(Plain), await ClaimAsync(Plain));
        await PushAsync(claimed, "four", bytesMax: 5);
        Assert.Equal(BlobRefusal.TaskFull, (await BeginAsync(claimed, "xy", bytesMax: 5)).Refusal);
        Assert.Equal(BlobRefusal.None, (await BeginAsync(other, "xy", bytesMax: 5)).Refusal);
        Assert.Equal(BlobRefusal.None, (await BeginAsync(claimed, "z", bytesMax: 5)).Refusal);
        for (var i = 2; i < Limits.OutputsMax; i++) await BeginAsync(claimed, $"{i}", bytesMax: 1_000);
        Assert.Equal(BlobRefusal.TaskFull, (await BeginAsync(claimed, "one more", bytesMax: 1_000)).Refusal);
        // What is on its way goes on, and is the attempt's alone.
        var mine = await BeginAsync(claimed, "z", bytesMax: 5);
        Assert.NotEqual(mine.Upload, (await BeginAsync(other, "z", bytesMax: 5)).Upload);
        Assert.Equal(mine.Upload, (await BeginAsync(claimed, "z", bytesMax: 5)).Upload);
    }

    [Fact]
    public async Task Append_OverChunksThatAreThere_IsRefused()
    {
        var bytes = RandomNumberGenerator.GetBytes(2 * Limits.ModuleChunkBytes);
        var begun = await Blobs.BeginAsync(HashOf(bytes), bytes.Length, null, long.MaxValue);
        Assert.True(await Blobs.AppendAsync(begun.Upload, 0, new byte[Limits.ModuleChunkBytes]));
        // Who hashed both must know that the first isn't what was hashed.
        Assert.False(await Blobs.AppendAsync(begun.Upload, 0, bytes));
    }

    private static ModuleHash HashOf(byte[] bytes) => ModuleHash.From(SHA256.HashData(bytes));

    private static OutputShare ShareOf(ClaimedTask claimed, long bytesMax) =>
        new(claimed.Task.Id, claimed.Task.Lease!.Token, bytesMax);

    private Task<int> CleanAsync() => Blobs.CleanAsync(TimeSpan.FromDays(7), 9);

    private async Task<ClaimedTask> ClaimAsync(NewTask task)
    {
        await SubmitAsync(task with { Files = FileSet.Empty });
        return await ClaimOneAsync("files");
    }

    private async Task<Refusal> CompleteAsync(ClaimedTask claimed, FileSet outputs) => await ApplyAsync(
        claimed.Task.Id,
        new TaskCommand.Complete(claimed.Task.Lease!.Token, Bytes("1")) { Outputs = outputs });

    private Task<BlobBegun> BeginAsync(ClaimedTask claimed, string text, long bytesMax = 1_000) =>
        Blobs.BeginAsync(HashOf(Bytes(text)), text.Length, null, long.MaxValue, ShareOf(claimed, bytesMax));

    private async Task<ModuleHash> PushAsync(ClaimedTask claimed, string text, long bytesMax = 1_000)
    {
        var hash = HashOf(Bytes(text));
        var begun = await BeginAsync(claimed, text, bytesMax);
        Assert.Equal(BlobRefusal.None, begun.Refusal);
        Assert.True(await Blobs.AppendAsync(begun.Upload, 0, Bytes(text)));
        Assert.NotNull(await Blobs.SealAsync(begun.Upload, hash, null, isOutput: true));
        return hash;
    }
}
