using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Conformance;

/// <summary>What one owner may have unfinished: <see cref="IStoreHost.OwnerMax"/>.</summary>
public abstract class OwnerBoundsConformance(IStoreHost host) : TaskStoreConformance(host)
{
    private static readonly TokenId Ada = new(7);
    private static readonly TokenId Ben = new(8);
    private static readonly OwnerLoad Max = IStoreHost.OwnerMax;
    private static readonly NewTask Small = new() { Payload = Json("1") };

    [Fact]
    public async Task Submit_PastTheTasksOfAnOwner_IsRefusedWhole_AndOthersAreNot()
    {
        await StoreAsync(Ada, Max.Tasks - 1);
        Assert.Equal(SubmitStatus.OwnerFull, await SubmitAsync(Ada, 2));
        Assert.Equal(SubmitStatus.Stored, await SubmitAsync(Ada, 1));
        Assert.Equal(SubmitStatus.OwnerFull, await SubmitAsync(Ada, 1));
        Assert.Equal(SubmitStatus.Stored, await SubmitAsync(Ben, Max.Tasks));
        Assert.Equal(SubmitStatus.Stored, await SubmitAsync(null, Max.Tasks + 1));
        Assert.Equal(3 * Max.Tasks + 1, (await CountsAsync()).Ready);
    }

    [Fact]
    public async Task Submit_PastTheBytesOfAnOwner_IsRefused()
    {
        var half = new NewTask { Payload = new(new byte[Max.PayloadBytes / 2], IsJson: false) };
        Assert.Equal(SubmitStatus.Stored, await SubmitAsync(Ada, 2, half));
        Assert.Equal(SubmitStatus.OwnerFull, await SubmitAsync(Ada, 1));
        Assert.Equal(SubmitStatus.Stored, await SubmitAsync(Ben, 1, half));
        Assert.Equal(SubmitStatus.OwnerFull, await SubmitAsync(Ben, 2, half));
    }

    [Fact]
    public async Task Room_IsThereAgain_HoweverATaskEnds()
    {
        var ids = await StoreAsync(Ada, Max.Tasks);
        await CompleteAsync(await ClaimOneAsync());
        await FailAsync(await ClaimOneAsync(), mayRetry: false);
        await AcceptAsync(ids[^1], TaskCommand.Cancel.Instance);
        Assert.Equal(SubmitStatus.OwnerFull, await SubmitAsync(Ada, 4));
        Assert.Equal(SubmitStatus.Stored, await SubmitAsync(Ada, 3));
    }

    [Fact]
    public async Task Room_IsThereAgain_WhenTasksExpire()
    {
        await StoreAsync(Ada, Max.Tasks, Small with { ExpiresIn = TimeSpan.FromSeconds(5) });
        await AdvanceAsync(TimeSpan.FromSeconds(6));
        Assert.Equal(Max.Tasks, await SweepAsync());
        Assert.Equal(SubmitStatus.Stored, await SubmitAsync(Ada, Max.Tasks));
    }

    [Fact]
    public async Task Room_IsTakenBy_ScheduledLeasedAndReleasedTasks()
    {
        await StoreAsync(Ada, Max.Tasks - 2);
        await StoreAsync(Ada, 2, Small with { Delay = TimeSpan.FromSeconds(5) });
        var claimed = await ClaimOneAsync();
        Assert.Equal(SubmitStatus.OwnerFull, await SubmitAsync(Ada, 1));
        await AcceptAsync(claimed.Task.Id, new TaskCommand.Release(claimed.Task.Lease!.Token));
        await FailAsync(await ClaimOneAsync());
        Assert.Equal(SubmitStatus.OwnerFull, await SubmitAsync(Ada, 1));
    }

    [Fact]
    public async Task Room_IsTakenAgain_ByADeadTaskThatIsRetried()
    {
        await StoreAsync(Ada, Max.Tasks);
        var dead = await ClaimOneAsync();
        await FailAsync(dead, mayRetry: false);
        await AcceptAsync(dead.Task.Id, TaskCommand.Retry.Instance);
        Assert.Equal(SubmitStatus.OwnerFull, await SubmitAsync(Ada, 1));
    }

    [Fact]
    public async Task Room_IsNotGivenTwice_WhenRetentionDeletes()
    {
        var ids = await StoreAsync(Ada, Max.Tasks);
        await AcceptAsync(ids[0], TaskCommand.Cancel.Instance);
        await AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await Store.DeleteFinishedAsync(TimeSpan.FromMinutes(1), 10));
        Assert.Equal(SubmitStatus.OwnerFull, await SubmitAsync(Ada, 2));
        Assert.Equal(SubmitStatus.Stored, await SubmitAsync(Ada, 1));
    }

    [Fact]
    public async Task Counts_SurviveARestart()
    {
        await StoreAsync(Ada, Max.Tasks);
        await ReopenAsync();
        Assert.Equal(SubmitStatus.OwnerFull, await SubmitAsync(Ada, 1));
        await CompleteAsync(await ClaimOneAsync());
        await ReopenAsync();
        Assert.Equal(SubmitStatus.Stored, await SubmitAsync(Ada, 1));
    }

    [Fact]
    public async Task Submit_Repeated_IsNeverPastTheBound()
    {
        Task<SubmitOutcome> SubmitKeyedAsync() =>
            Store.SubmitAsync(new([.. Enumerable.Repeat(Small, (int)Max.Tasks)], new("key", Bytes("a")), Ada));
        var first = await SubmitKeyedAsync();
        var second = await SubmitKeyedAsync();
        Assert.Equal((SubmitStatus.Stored, SubmitStatus.Repeated), (first.Status, second.Status));
        Assert.Equal(first.Ids, second.Ids);
    }

    [Fact]
    public async Task Submits_AtOnce_FillTheRoomExactly()
    {
        var statuses = await Task.WhenAll(Enumerable.Range(0, 4 * (int)Max.Tasks).Select(_ => SubmitAsync(Ada, 1)));
        Assert.Equal(Max.Tasks, statuses.Count(static status => status == SubmitStatus.Stored));
        Assert.All(statuses,
            static status => Assert.True(status is SubmitStatus.Stored or SubmitStatus.OwnerFull, status.ToString()));
    }

    private async Task<SubmitStatus> SubmitAsync(TokenId? owner, long count, NewTask? task = null) =>
        (await Store.SubmitAsync(new([.. Enumerable.Repeat(task ?? Small, (int)count)], Owner: owner))).Status;

    private async Task<IReadOnlyList<TaskId>> StoreAsync(TokenId owner, long count, NewTask? task = null)
    {
        var outcome = await Store.SubmitAsync(new([.. Enumerable.Repeat(task ?? Small, (int)count)], Owner: owner));
        Assert.Equal(SubmitStatus.Stored, outcome.Status);
        return outcome.Ids;
    }
}
