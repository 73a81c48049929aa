using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Conformance;

public abstract class IdempotencyConformance(IStoreHost host) : TaskStoreConformance(host)
{
    [Fact]
    public async Task Submit_WithAKnownKey_AnswersTheFirstTasks()
    {
        await SubmitAsync();
        var first = await SubmitAsync("key", "a", count: 3);
        await SubmitAsync();
        await ReopenAsync();
        var again = await SubmitAsync("key", "a", count: 3);
        Assert.Equal((SubmitStatus.Stored, SubmitStatus.Repeated), (first.Status, again.Status));
        Assert.Equal(first.Ids, again.Ids);
        Assert.Equal(5, (await CountsAsync()).Total);
    }

    [Fact]
    public async Task Submit_WithAKnownKeyAndAnotherBody_IsRefused()
    {
        await SubmitAsync("key", "a");
        var outcome = await SubmitAsync("key", "b");
        Assert.Equal(SubmitStatus.KeyMismatch, outcome.Status);
        Assert.Empty(outcome.Ids);
        Assert.Equal(1, (await CountsAsync()).Total);
    }

    [Fact]
    public async Task Submit_WithOtherKeys_StoresEach()
    {
        Assert.Equal(SubmitStatus.Stored, (await SubmitAsync("key", "a")).Status);
        Assert.Equal(SubmitStatus.Stored, (await SubmitAsync("Key", "a")).Status);
        Assert.Equal(SubmitStatus.Stored, (await SubmitAsync("key ", "a")).Status);
    }

    [Fact]
    public async Task Submit_ThatWasRefused_DoesNotUseUpItsKey()
    {
        var refused = await Store.SubmitAsync(new([Plain with { Group = new(9) }], Key("key", "a")));
        Assert.Equal(SubmitStatus.GroupNotFound, refused.Status);
        Assert.Equal(SubmitStatus.Stored, (await SubmitAsync("key", "b")).Status);
    }

    [Fact]
    public async Task Submit_ByManyAtOnceWithOneKey_StoresOneTask()
    {
        var outcomes =
            await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Task.Run(() => SubmitAsync("key", "a", count: 2))));
        Assert.Equal(1, outcomes.Count(static outcome => outcome.Status == SubmitStatus.Stored));
        Assert.All(outcomes, outcome => Assert.Equal(outcomes[0].Ids, outcome.Ids));
        Assert.Equal(2, (await CountsAsync()).Total);
    }

    [Fact]
    public async Task Submit_AfterRetentionDeletedTheTask_UsesTheKeyAnew()
    {
        var first = await SubmitAsync("key", "a");
        await AcceptAsync(first.Ids[0], TaskCommand.Cancel.Instance);
        Assert.Equal(SubmitStatus.Repeated, (await SubmitAsync("key", "a")).Status);
        await AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await Store.DeleteFinishedAsync(TimeSpan.FromMinutes(1), 10));
        var again = await SubmitAsync("key", "b");
        Assert.Equal(SubmitStatus.Stored, again.Status);
        Assert.NotEqual(first.Ids, again.Ids);
    }

    [Fact]
    public async Task Submit_OfABatchWhoseFirstTasksWereDeleted_StillAnswersTheSameTasks()
    {
        var first = await SubmitAsync("key", "a", count: 3);
        var plain = await SubmitAsync();
        foreach (var id in first.Ids.Take(2).Append(plain)) await AcceptAsync(id, TaskCommand.Cancel.Instance);
        await AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(3, await Store.DeleteFinishedAsync(TimeSpan.FromMinutes(1), 10));
        await ReopenAsync();
        var again = await SubmitAsync("key", "a", count: 3);
        Assert.Equal(SubmitStatus.Repeated, again.Status);
        Assert.Equal(first.Ids, again.Ids);

        await AcceptAsync(first.Ids[2], TaskCommand.Cancel.Instance);
        await AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await Store.DeleteFinishedAsync(TimeSpan.FromMinutes(1), 10));
        Assert.Equal(SubmitStatus.Stored, (await SubmitAsync("key", "a", count: 3)).Status);
    }

    private static IdempotencyKey Key(string text, string fingerprint) => new(text, Bytes(fingerprint));

    private Task<SubmitOutcome> SubmitAsync(string key, string fingerprint, int count = 1) =>
        Store.SubmitAsync(new([.. Enumerable.Repeat(Plain, count)], Key(key, fingerprint)));
}
