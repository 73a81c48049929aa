using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Conformance;

/// <summary>
/// What one store, one answer and one transaction may hold, whatever is asked: see <see cref="Limits"/>.
/// </summary>
public abstract class BoundsConformance(IStoreHost host) : TaskStoreConformance(host)
{
    private const int Claimers = 4;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Submit_ToANewQueue_WhereThereAreAsManyAsThereMayBe_StoresNothing()
    {
        var ids = await SubmitAllAsync([.. Enumerable.Range(0, Limits.QueuesMax - 1).Select(static i => In($"q{i}"))]);
        Assert.Equal(SubmitStatus.TooManyQueues, (await Store.SubmitAsync(new([In("one"), In("two")]))).Status);
        await SubmitAllAsync(In("one"), In("q7"));
        await ReopenAsync();
        Assert.Equal(SubmitStatus.TooManyQueues, (await Store.SubmitAsync(new([In("q1"), In("two")]))).Status);
        Assert.Equal(1, (await CountsAsync("q1")).Total);

        // A queue is forgotten with the last of its tasks.
        await AcceptAsync(ids[0], TaskCommand.Cancel.Instance);
        await AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await Store.DeleteFinishedAsync(TimeSpan.FromMinutes(1), 10));
        await SubmitAllAsync(In("two"));
        Assert.Equal(SubmitStatus.TooManyQueues, (await Store.SubmitAsync(new([In("three")]))).Status);
        // Who names no queue is never refused.
        await SubmitAllAsync(Plain);
    }

    [Fact]
    public async Task ListResults_UpToALimit_SaysThatThereMayBeMore()
    {
        var group = await FinishAsync(3, resultBytes: 1);
        var first = await Store.ListResultsAsync(group, ResultOrder.Finished, 0, 2);
        Assert.Equal((2, true, false), (first.Results.Count, first.IsFull, first.AllDelivered));
        var rest = await Store.ListResultsAsync(group, ResultOrder.Finished, first.Results[^1].Cursor, 2);
        Assert.Equal((1, false, true), (rest.Results.Count, rest.IsFull, rest.AllDelivered));
    }

    [Theory]
    [InlineData(ResultOrder.Finished)]
    [InlineData(ResultOrder.Submitted)]
    public async Task ListResults_OfLargeResults_EndsAPageByItsBytes_AndGoesOnAfterIt(ResultOrder order)
    {
        var group = await FinishAsync(3, Limits.ResultsPageBytesMax / 2 + 1);
        var first = await Store.ListResultsAsync(group, order, 0, 10);
        Assert.Equal((2, true, false), (first.Results.Count, first.IsFull, first.AllDelivered));
        var rest = await Store.ListResultsAsync(group, order, first.Results[^1].Cursor, 10);
        Assert.Equal((1, false, true), (rest.Results.Count, rest.IsFull, rest.AllDelivered));
    }

    [Fact]
    public async Task ListResults_OfLongErrors_EndsAPageByTheirBytes()
    {
        const int each = 4_000;
        var group = (await Store.CreateGroupAsync("g"))!.Value;
        var count = (int)(Limits.ResultsPageBytesMax / (6 * each)) + 10;
        await SubmitAllAsync([.. Enumerable.Repeat(Plain with { Group = group }, count)]);
        foreach (var claimed in await Store.ClaimAsync(new() { WorkerId = "w", Max = count }))
        {
            // A control character is six bytes of JSON.
            var fail =
                new TaskCommand.Fail(claimed.Task.Lease!.Token, new string('\u0001', each), MayRetry: false, Jitter: 0);
            await Store.ApplyAsync([new(claimed.Task.Id, fail)]);
        }

        var page = await Store.ListResultsAsync(group, ResultOrder.Finished, 0, count);
        Assert.True(page.IsFull);
        Assert.InRange(page.Results.Count, 1, count - 5);
    }

    [Fact]
    public async Task Claims_OfLargePayloadsAtOnce_HandOutEachOnce_AndTellThoseWhoGotNothingToComeAgain()
    {
        var large = new NewTask { Payload = new(new byte[Limits.ClaimBytesMax / 2 + 1], IsJson: true) };
        var ids = await SubmitAllAsync([.. Enumerable.Repeat(large, 2 * Claimers)]);
        var told = new SemaphoreSlim(0);
        Store.BecameReady += _ => told.Release();
        var handed = new List<TaskId>();
        while (handed.Count < ids.Count)
        {
            // All of them may be in one transaction, whose claims hand out no more together than one alone.
            var claims = await Task.WhenAll(Enumerable.Range(0, Claimers).Select(_ => ClaimIdsAsync(10)));
            Assert.All(claims, static claim => Assert.InRange(claim.Length, 0, 2));
            handed.AddRange(claims.SelectMany(static claim => claim));
            if (handed.Count < ids.Count && claims.Any(static claim => claim.Length == 0))
                Assert.True(await told.WaitAsync(Deadline, TestContext.Current.CancellationToken), "Nobody is told.");
        }

        Assert.Equal(ids, handed.OrderBy(static id => id.Value));
    }

    private static NewTask In(string queue) => Plain with { Queue = queue };

    private async Task<GroupId> FinishAsync(int count, int resultBytes)
    {
        var group = await CreateGroupAsync(null);
        foreach (var id in await SubmitAllAsync([.. Enumerable.Repeat(Plain with { Group = group }, count)]))
            await AcceptAsync(id, new TaskCommand.Complete(null, new byte[resultBytes]));
        return group;
    }
}
