using Weft.Core.Matching;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Conformance;

public abstract class SubmitConformance(IStoreHost host) : TaskStoreConformance(host)
{
    [Fact]
    public async Task Submit_GivesAscendingIdsFromOne()
    {
        Assert.Equal(new TaskId(1), await SubmitAsync());
        Assert.Equal([new TaskId(2), new TaskId(3), new TaskId(4)], await SubmitAllAsync(Plain, Plain, Plain));
    }

    [Fact]
    public async Task Submit_AfterReopening_GoesOnCounting()
    {
        await SubmitAllAsync(Plain, Plain);
        await ReopenAsync();
        Assert.Equal(new TaskId(3), await SubmitAsync());
    }

    [Fact]
    public async Task Submit_KeepsAllThatWasSaid()
    {
        var group = await CreateGroupAsync("run");
        var id = await SubmitAsync(new()
        {
            Queue = "images",
            Type = "resize/é",
            Payload = Json("""{"width":10}"""),
            Priority = -7,
            Delay = TimeSpan.FromSeconds(10),
            MaxAttempts = 3,
            LeaseTime = TimeSpan.FromMilliseconds(1_500),
            ExpiresIn = TimeSpan.FromHours(1),
            Group = group,
            Requires = Requirements.Parse("gpu memory>=4096"),
        });
        await ReopenAsync();

        var task = await RecordAsync(id);
        Assert.Equal(("images", "resize/é", -7, 3, group),
            (task.Queue, task.Type, task.Priority, task.MaxAttempts, task.Group!.Value));
        Assert.Equal((TaskState.Scheduled, 0, 0), (task.State, task.Attempt, task.Failures));
        Assert.Equal(TimeSpan.FromMilliseconds(1_500), task.LeaseTime);
        Assert.Equal(TimeSpan.FromSeconds(10), task.RunAt - task.SubmittedAt);
        Assert.Equal(TimeSpan.FromHours(1), task.ExpiresAt - task.SubmittedAt);
        Assert.Equal("gpu memory>=4096", task.Requires.Text);
        Assert.Null(task.Lease);
        Assert.Null(task.FinishedAt);
    }

    public static TheoryData<byte[], bool> Payloads() => new()
    {
        { [], false },
        { "{\"a\": 1e400, \"b\":\"\\u0000\\\"\" }\n"u8.ToArray(), true },
        { "Grüße, 世界 🌍"u8.ToArray(), false },
        { [0, 255, 254, 0, 128], false },
        { [.. Enumerable.Range(0, 1 << 20).Select(static i => (byte)(i * 31))], false },
    };

    [Theory]
    [MemberData(nameof(Payloads), DisableDiscoveryEnumeration = true)]
    public async Task Payload_ComesBackByteForByte(byte[] bytes, bool isJson)
    {
        var id = await SubmitAsync(new() { Payload = new(bytes, isJson) });
        await ReopenAsync();
        AssertPayload((await FindAsync(id, TaskParts.Payload)).Payload!.Value);
        AssertPayload((await ClaimOneAsync()).Payload);

        void AssertPayload(Payload payload)
        {
            Assert.Equal(isJson, payload.IsJson);
            Assert.True(bytes.AsSpan().SequenceEqual(payload.Bytes.Span));
        }
    }

    [Fact]
    public async Task Submit_ToAGroupThatDoesNotExist_StoresNothing()
    {
        var outcome = await Store.SubmitAsync(new([Plain, Plain with { Group = new(99) }]));
        Assert.Equal(SubmitStatus.GroupNotFound, outcome.Status);
        Assert.Empty(outcome.Ids);
        Assert.Equal(0, (await CountsAsync()).Total);
        Assert.Empty((await Store.ListAsync(new(), null, 10)).Tasks);
    }

    [Fact]
    public async Task Find_OfAnUnknownTask_GivesNothing() =>
        Assert.Null(await Store.FindAsync(new(1), TaskParts.Payload));

    [Fact]
    public async Task Find_GivesOnlyThePartsAskedFor()
    {
        var found = await FindAsync(await SubmitAsync(), TaskParts.Record);
        Assert.Null(found.Payload);
        Assert.Null(found.Result);
        Assert.Null(found.Checkpoint);
    }
}
