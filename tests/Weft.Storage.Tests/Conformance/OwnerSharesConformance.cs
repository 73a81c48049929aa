using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Matching;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Conformance;

/// <summary>
/// What one owner may use up of what belongs to all: <see cref="IStoreHost.OwnerMax"/> and
/// <see cref="IStoreHost.OwnerBounds"/>.
/// </summary>
public abstract class OwnerSharesConformance(IStoreHost host) : TaskStoreConformance(host)
{
    private static readonly TokenId Ada = new(7);
    private static readonly TokenId Ben = new(8);
    private static readonly OwnerLoad Max = IStoreHost.OwnerMax;
    private static readonly OwnerBounds Bounds = IStoreHost.OwnerBounds;
    private static readonly TimeSpan Age = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task StoredBytes_CountFinishedTasks_UntilRetentionDeletesThem()
    {
        for (var stored = 0L; stored + 90 + Limits.TaskStoredBytes <= Max.StoredBytes; stored += 90 +
            Limits.TaskStoredBytes) await AcceptAsync(await StoreAsync(Ada, Sized(90)), TaskCommand.Cancel.Instance);
        Assert.Equal(SubmitStatus.OwnerStoreFull, await SubmitAsync(Ada, Sized(90)));
        Assert.Equal(SubmitStatus.Stored, await SubmitAsync(Ben, Sized(90)));
        Assert.Equal(SubmitStatus.Stored, await SubmitAsync(null, Sized(90)));
        await ReopenAsync();
        Assert.Equal(SubmitStatus.OwnerStoreFull, await SubmitAsync(Ada, Sized(90)));
        await AdvanceAsync(Age);
        Assert.Equal(2, await Store.DeleteFinishedAsync(Age, 2));
        Assert.Equal(SubmitStatus.Stored, await SubmitAsync(Ada, Sized(90)));
    }

    [Fact]
    public async Task StoredBytes_CountResults_WhichAreTakenHoweverFullTheStoreIs()
    {
        var first = await StoreAsync(Ada, Plain);
        await StoreAsync(Ada, Plain);
        await CompleteAsync(await ClaimOneAsync(), $"\"{new string('x', (int)Max.StoredBytes)}\"");
        Assert.Equal(SubmitStatus.OwnerStoreFull, await SubmitAsync(Ada, Plain));
        await CompleteAsync(await ClaimOneAsync());
        await AdvanceAsync(Age);
        Assert.Equal(2, await Store.DeleteFinishedAsync(Age, 10));
        Assert.Null(await Store.FindAsync(first, TaskParts.Record));
        Assert.Equal(SubmitStatus.Stored, await SubmitAsync(Ada, Plain));
    }

    [Fact]
    public async Task StoredBytes_CountACheckpoint_ByItsLastSize()
    {
        await StoreAsync(Ada, Plain);
        var claimed = await ClaimOneAsync();
        Task KeepAsync(int bytes) =>
            AcceptAsync(claimed.Task.Id,
                new TaskCommand.Heartbeat(claimed.Task.Lease!.Token, Checkpoint: new byte[bytes]));
        await KeepAsync((int)Max.StoredBytes);
        Assert.Equal(SubmitStatus.OwnerStoreFull, await SubmitAsync(Ada, Plain));
        Assert.Equal(SubmitStatus.Stored, await SubmitAsync(Ben, Plain));
        await ReopenAsync();
        await KeepAsync((int)Max.StoredBytes + 10);
        Assert.Equal(SubmitStatus.OwnerStoreFull, await SubmitAsync(Ada, Plain));
        await KeepAsync(10);
        Assert.Equal(SubmitStatus.Stored, await SubmitAsync(Ada, Plain));
    }

    [Fact]
    public async Task StoredBytes_CountTheErrorsOfAllAttempts_UntilRetentionDeletesThem()
    {
        // Once as the task's, and once as its attempt's.
        var (id, error) = (await StoreAsync(Ada, Plain), new string('ä', (int)Max.StoredBytes / 6));
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            Assert.Equal(SubmitStatus.Stored, await SubmitAsync(Ada, Plain with { Queue = "other" }));
            await AcceptAsync(id,
                new TaskCommand.Fail((await ClaimOneAsync()).Task.Lease!.Token, error, MayRetry: false, Jitter: 0));
            if (attempt == 1) await AcceptAsync(id, TaskCommand.Retry.Instance);
        }

        Assert.Equal(SubmitStatus.OwnerStoreFull, await SubmitAsync(Ada, Plain));
        await ReopenAsync();
        await AdvanceAsync(Age);
        Assert.Equal(1, await Store.DeleteFinishedAsync(Age, 10));
        Assert.Equal(SubmitStatus.Stored, await SubmitAsync(Ada, Plain));
    }

    [Fact]
    public async Task Retry_OfAnOwnersTask_TakesRoom_AndIsRefusedWhereThereIsNone()
    {
        var dead = new List<TaskId>();
        for (var i = 0; i < 2; i++)
        {
            dead.Add(await StoreAsync(Ada, Plain));
            await FailAsync(await ClaimOneAsync(), mayRetry: false);
        }

        for (var i = 1; i < Max.Tasks; i++) await StoreAsync(Ada, Plain);
        TaskChange Retry(int i) => new(dead[i], TaskCommand.Retry.Instance) { Owner = Ada };
        Assert.Equal([Refusal.None, Refusal.OwnerFull], await Store.ApplyAsync([Retry(0), Retry(1)]));
        Assert.Equal([Refusal.OwnerFull], await Store.ApplyAsync([Retry(1)]));
        Assert.Equal(TaskState.Dead, await StateAsync(dead[1]));
        await AcceptAsync(dead[0], TaskCommand.Cancel.Instance);
        Assert.Equal([Refusal.None], await Store.ApplyAsync([Retry(1)]));
        Assert.Equal([Refusal.NotDead], await Store.ApplyAsync([Retry(1)]));
    }

    [Fact]
    public async Task Queues_CountForWhoFirstSubmitsToThem_UntilTheyAreEmpty()
    {
        var ids = new List<TaskId>();
        for (var i = 0; i < Bounds.Queues; i++) ids.Add(await StoreAsync(Ada, In($"q{i}")));
        Assert.Equal(SubmitStatus.OwnerQueuesFull, await SubmitAsync(Ada, In("one-more")));
        Assert.Equal(SubmitStatus.OwnerQueuesFull, await SubmitAsync(Ada, In("q0"), In("one-more")));
        Assert.Equal(SubmitStatus.Stored, await SubmitAsync(Ben, In("one-more")));
        // Those that there are may be used, and the default one always.
        Assert.Equal(SubmitStatus.Stored, await SubmitAsync(Ada, In("one-more"), In("q0"), Plain));
        await ReopenAsync();
        Assert.Equal(SubmitStatus.OwnerQueuesFull, await SubmitAsync(Ada, In("another")));
        await AcceptAsync(ids[1], TaskCommand.Cancel.Instance);
        Assert.Equal(SubmitStatus.OwnerQueuesFull, await SubmitAsync(Ada, In("another")));
        await AdvanceAsync(Age);
        Assert.Equal(1, await Store.DeleteFinishedAsync(Age, 10));
        Assert.Equal(SubmitStatus.Stored, await SubmitAsync(Ada, In("another")));
    }

    [Fact]
    public async Task RequirementsOfAQueue_CountForWhoFirstNeedsThem()
    {
        NewTask Needs(int i) => Plain with { Payload = Json("1"), Requires = Requirements.Parse($"cap{i}") };
        foreach (var i in Enumerable.Range(0, Limits.LanesPerQueueOfOwnerMax))
            await AcceptAsync(await StoreAsync(Ada, Needs(i)), TaskCommand.Cancel.Instance);
        Assert.Equal(SubmitStatus.OwnerRequirementsFull, await SubmitAsync(Ada, Needs(99)));
        Assert.Equal(SubmitStatus.Stored, await SubmitAsync(Ben, Needs(99)));
        Assert.Equal(SubmitStatus.Stored, await SubmitAsync(Ada, Needs(99), Needs(0), Plain));
        NewTask NeedsElsewhere(int i) => Needs(i) with { Queue = "elsewhere" };
        Assert.Equal(SubmitStatus.Stored, await SubmitAsync(Ada, NeedsElsewhere(99)));
        // What a module needs is no requirement of its submitter's.
        var large = Plain with { Queue = "elsewhere", Requires = Requirements.Parse("memory>=4096 wasi") };
        foreach (var i in Enumerable.Range(1, Limits.LanesPerQueueOfOwnerMax - 1))
            await AcceptAsync(await StoreAsync(Ada, NeedsElsewhere(i)), TaskCommand.Cancel.Instance);
        Assert.Equal(SubmitStatus.Stored, await SubmitAsync(Ada, large));
        Assert.Equal(SubmitStatus.OwnerRequirementsFull, await SubmitAsync(Ada, NeedsElsewhere(98)));
    }

    [Fact]
    public async Task Groups_AreBoundedPerOwner()
    {
        var groups =
            await Task.WhenAll(Enumerable.Range(0, 3 * Bounds.Groups).Select(_ => Store.CreateGroupAsync("run", Ada)));
        Assert.Equal(Bounds.Groups, groups.Count(static group => group is not null));
        Assert.Null(await Store.CreateGroupAsync(null, Ada));
        Assert.NotNull(await Store.CreateGroupAsync(null, Ben));
        Assert.NotNull(await Store.CreateGroupAsync(null));
        await AdvanceAsync(Age);
        Assert.Equal(2, await Store.DeleteEmptyGroupsAsync(Age, 2));
        Assert.NotNull(await Store.CreateGroupAsync(null, Ada));
    }

    private static NewTask Sized(int bytes) => new() { Payload = new(new byte[bytes], IsJson: false) };

    private static NewTask In(string queue) => Plain with { Queue = queue, Payload = Json("1") };

    private async Task<SubmitStatus> SubmitAsync(TokenId? owner, params NewTask[] tasks) =>
        (await Store.SubmitAsync(new(tasks, Owner: owner))).Status;

    private async Task<TaskId> StoreAsync(TokenId owner, NewTask task)
    {
        var outcome = await Store.SubmitAsync(new([task], Owner: owner));
        Assert.Equal(SubmitStatus.Stored, outcome.Status);
        return outcome.Ids[0];
    }
}
