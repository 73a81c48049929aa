using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Conformance;

public abstract class CompleteConformance(IStoreHost host) : TaskStoreConformance(host)
{
    public static TheoryData<byte[]> Results() => new(
        [],
        "\"quote \\\" and\\nnewline\""u8.ToArray(),
        "\"世界\""u8.ToArray(),
        [.. Enumerable.Range(0, 1 << 20).Select(static i => (byte)(i * 7))]);

    [Theory]
    [MemberData(nameof(Results), DisableDiscoveryEnumeration = true)]
    public async Task Complete_KeepsTheResultByteForByte(byte[] result)
    {
        var id = await SubmitAsync();
        var claimed = await ClaimOneAsync();
        Assert.Null((await FindAsync(id, TaskParts.Result)).Result);
        await AcceptAsync(id, new TaskCommand.Complete(claimed.Task.Lease!.Token, result));
        await ReopenAsync();

        var found = await FindAsync(id, TaskParts.Result);
        Assert.Equal(TaskState.Completed, found.Task.State);
        Assert.NotNull(found.Task.FinishedAt);
        Assert.True(result.AsSpan().SequenceEqual(found.Result!.Value.Span));
    }

    [Fact]
    public async Task Complete_WithAnOlderToken_IsRefused()
    {
        var id = await SubmitAsync();
        var older = await ClaimOneAsync();
        await AdvanceAsync(TimeSpan.FromMinutes(2));
        await SweepAsync();
        var newer = await ClaimOneAsync();
        Assert.Equal(Refusal.StaleLease,
            await ApplyAsync(id, new TaskCommand.Complete(older.Task.Lease!.Token, Bytes("1"))));
        Assert.Equal(TaskState.Leased, await StateAsync(id));
        await CompleteAsync(newer, "2");
        Assert.Equal(Refusal.StaleLease,
            await ApplyAsync(id, new TaskCommand.Complete(older.Task.Lease.Token, Bytes("1"))));
        await AssertResultAsync(id, "2");
    }

    [Fact]
    public async Task Complete_AfterTheLeaseRanOutAndNobodyClaimed_IsAccepted()
    {
        var id = await SubmitAsync();
        var claimed = await ClaimOneAsync();
        await AdvanceAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(1, await SweepAsync());
        await ReopenAsync();
        await CompleteAsync(claimed, "9");
        await AssertResultAsync(id, "9");
        Assert.Empty(await ClaimIdsAsync(1));
    }

    [Fact]
    public async Task Complete_WithoutAToken_IsAcceptedOnce()
    {
        var id = await SubmitAsync();
        await ClaimOneAsync();
        await AcceptAsync(id, new TaskCommand.Complete(null, Bytes("1")));
        Assert.Equal(Refusal.AlreadyFinished, await ApplyAsync(id, new TaskCommand.Complete(null, Bytes("2"))));
        await AssertResultAsync(id, "1");
    }

    [Fact]
    public async Task Complete_RepeatedWithTheSameBytes_CountsAsDone()
    {
        var id = await SubmitAsync();
        var claimed = await ClaimOneAsync();
        await CompleteAsync(claimed, "1");
        var finishedAt = (await RecordAsync(id)).FinishedAt;
        await AdvanceAsync(TimeSpan.FromMinutes(1));
        await ReopenAsync();
        await CompleteAsync(claimed, "1");
        Assert.Equal(finishedAt, (await RecordAsync(id)).FinishedAt);
        Assert.Equal(new StateCounts { Completed = 1 }, await CountsAsync());
    }

    [Fact]
    public async Task Complete_RepeatedWithOtherBytes_IsRefused()
    {
        var id = await SubmitAsync();
        var claimed = await ClaimOneAsync();
        await CompleteAsync(claimed, "1");
        Assert.Equal(Refusal.AlreadyFinished,
            await ApplyAsync(id, new TaskCommand.Complete(claimed.Task.Lease!.Token, Bytes("2"))));
        await AssertResultAsync(id, "1");
    }

    [Fact]
    public async Task Complete_OfAnUnknownTask_IsNotFound() =>
        Assert.Equal(Refusal.NotFound, await ApplyAsync(new(7), new TaskCommand.Complete(null, Bytes("1"))));

    [Fact]
    public async Task Apply_OfABatch_GivesEachItsOwnOutcomeInOrder()
    {
        var ids = await SubmitAllAsync(Plain, Plain, Plain);
        var claimed = await Store.ClaimAsync(new() { WorkerId = "worker", Max = 2 });
        var outcomes = await Store.ApplyAsync(
        [
            new(ids[0], new TaskCommand.Complete(claimed[0].Task.Lease!.Token, Bytes("1"))),
            new(ids[1], new TaskCommand.Complete(claimed[0].Task.Lease!.Token, Bytes("1"))),
            new(new(99), TaskCommand.Cancel.Instance),
            new(ids[0], new TaskCommand.Complete(claimed[0].Task.Lease!.Token, Bytes("2"))),
            new(ids[2], TaskCommand.Cancel.Instance),
            new(ids[2], TaskCommand.Retry.Instance),
            new(ids[1], new TaskCommand.Release(claimed[1].Task.Lease!.Token)),
        ]);
        Assert.Equal([Refusal.None, Refusal.StaleLease, Refusal.NotFound, Refusal.AlreadyFinished, Refusal.None,
            Refusal.NotDead, Refusal.None], outcomes);
        await AssertResultAsync(ids[0], "1");
        Assert.Equal(new StateCounts { Completed = 1, Ready = 1, Cancelled = 1 }, await CountsAsync());
    }

    [Fact]
    public async Task Complete_ByManyAtOnce_IsAcceptedOnce()
    {
        var id = await SubmitAsync();
        await ClaimOneAsync();
        var outcomes =
            await Task.WhenAll(Enumerable.Range(0, 30)
                .Select(i => Task.Run(() => ApplyAsync(id, new TaskCommand.Complete(null, Bytes($"{i}"))))));
        var winner = Array.IndexOf(outcomes, Refusal.None);
        Assert.Equal(1, outcomes.Count(static outcome => outcome == Refusal.None));
        await AssertResultAsync(id, $"{winner}");
    }

    private async Task AssertResultAsync(TaskId id, string result) =>
        Assert.Equal(Bytes(result), (await FindAsync(id, TaskParts.Result)).Result!.Value.ToArray());

    [Fact]
    public async Task Find_OfSmallPartsOnly_TellsHowLargeTheOthersAre()
    {
        var large = $"\"{new string('x', Limits.PartBytesSmall)}\"";
        var id = await SubmitAsync(Plain with { Payload = Json(large) });
        await CompleteAsync(await ClaimOneAsync(), large);
        const TaskParts parts = TaskParts.Payload | TaskParts.Result;
        var told = await FindAsync(id, parts | TaskParts.SmallOnly);
        Assert.Equal((null, null, 2L * large.Length), (told.Payload, told.Result, told.LargeBytes));
        var whole = await FindAsync(id, parts);
        Assert.Equal((2L * large.Length, 0), (whole.PartBytes, whole.LargeBytes));

        var small = await SubmitAsync();
        await CompleteAsync(await ClaimOneAsync());
        var found = await FindAsync(small, parts | TaskParts.SmallOnly);
        Assert.Equal((3, 0), (found.PartBytes, found.LargeBytes));
    }
}
