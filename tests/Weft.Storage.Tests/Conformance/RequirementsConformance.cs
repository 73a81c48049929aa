using Weft.Core;
using Weft.Core.Matching;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Conformance;

public abstract class RequirementsConformance(IStoreHost host) : TaskStoreConformance(host)
{
    [Fact]
    public async Task Claim_GivesOnlyWhatTheWorkerCanRun()
    {
        var ids = await SubmitAllAsync(Needs("gpu"), Needs("memory>=4096"), Needs("gpu memory>=8192"), Plain);
        await ReopenAsync();
        Assert.Equal([ids[1], ids[3]], await ClaimAsAsync("memory=8000", "simd"));
        Assert.Equal([ids[0], ids[2]], await ClaimAsAsync("gpu", "memory=8192"));
    }

    [Fact]
    public async Task Claim_AcrossSetsOfRequirements_KeepsTheOrder()
    {
        var ids = await SubmitAllAsync(Needs("gpu"), Plain, Needs("simd"), Needs("gpu") with { Priority = 1 },
            Plain with { Priority = 1 }, Needs("gpu simd"));
        Assert.Equal([ids[3], ids[4], ids[0], ids[1], ids[2], ids[5]], await ClaimAsAsync("gpu", "simd"));
    }

    [Fact]
    public async Task Claim_BehindAHeadThatNobodyCanRun_GetsTheRest()
    {
        for (var i = 0; i < 10; i++)
            await SubmitAllAsync([.. Enumerable.Repeat(Needs("gpu") with { Priority = 9 }, 1_000)]);
        var plain = await SubmitAsync();
        var simd = await SubmitAsync(Needs("simd"));
        Assert.Equal([plain], await ClaimAsAsync());
        Assert.Equal([simd], await ClaimAsAsync("simd"));
        Assert.Empty(await ClaimAsAsync("simd"));
        await ReopenAsync();
        Assert.Empty(await ClaimAsAsync());
        Assert.Equal(1, (await ClaimOneAsync("gpu")).Task.Id.Value);
    }

    [Fact]
    public async Task Submit_OfMoreSetsThanAQueueHolds_StoresNothing()
    {
        await SubmitAllAsync([.. Enumerable.Range(0, Limits.LanesPerQueueMax - 1).Select(static i => Needs($"r{i}"))]);
        var outcome = await Store.SubmitAsync(new([Needs("one"), Needs("two")]));
        Assert.Equal(SubmitStatus.TooManyRequirements, outcome.Status);
        Assert.Equal(Limits.LanesPerQueueMax - 1, (await CountsAsync()).Total);

        await SubmitAllAsync(Needs("one"), Needs("r1"), Needs("two") with { Queue = "other" });
        await ReopenAsync();
        Assert.Equal(SubmitStatus.TooManyRequirements, (await Store.SubmitAsync(new([Needs("two")]))).Status);
        await SubmitAllAsync(Plain);
    }

    [Fact]
    public async Task Submit_OfNewSets_FindsRoomOnceTheTasksOfOldOnesAreDeleted()
    {
        var ids =
            await SubmitAllAsync([.. Enumerable.Range(0, Limits.LanesPerQueueMax).Select(static i => Needs($"r{i}"))]);
        foreach (var id in ids.Take(2)) await AcceptAsync(id, TaskCommand.Cancel.Instance);
        await AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(SubmitStatus.TooManyRequirements, (await Store.SubmitAsync(new([Needs("one")]))).Status);
        Assert.Equal(2, await Store.DeleteFinishedAsync(TimeSpan.FromMinutes(1), 10));

        var one = await SubmitAsync(Needs("one"));
        await ReopenAsync();
        var two = await SubmitAsync(Needs("two"));
        Assert.Equal(SubmitStatus.TooManyRequirements, (await Store.SubmitAsync(new([Needs("three")]))).Status);
        Assert.Equal([one, two], await ClaimAsAsync("one", "two", "r0"));
        Assert.Equal(Requirements.Parse("two"), (await RecordAsync(two)).Requires);
    }

    private static NewTask Needs(string requirements) => Plain with { Requires = Requirements.Parse(requirements) };

    private async Task<TaskId[]> ClaimAsAsync(params string[] capabilities) =>
        [.. (await Store.ClaimAsync(new()
            { WorkerId = "worker", Max = 10, Capabilities = Capabilities.TryParse(capabilities)! }))
            .Select(static claimed => claimed.Task.Id)];

    [Fact]
    public async Task Claim_WithoutAToken_FindsOnlyWhatCameWithoutOne_AndOthersFindBoth()
    {
        var owned = await SubmitAsync();
        var old = await SubmitAsync(Plain with { Requires = Requirements.Untokened });
        await ReopenAsync();
        var request = new ClaimRequest { WorkerId = "old", Max = 10, UntokenedOnly = true };
        var claimed = Assert.Single(await Store.ClaimAsync(request));
        Assert.Equal((old, 0), (claimed.Task.Id, claimed.Task.Requires.Labels.Count));
        Assert.Empty(await Store.ClaimAsync(request));
        await AcceptAsync(old, new TaskCommand.Release(claimed.Task.Lease!.Token));
        Assert.Equal([owned, old], await ClaimIdsAsync(10));
    }
}
