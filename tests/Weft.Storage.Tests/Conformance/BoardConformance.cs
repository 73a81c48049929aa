using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Verification;

namespace Weft.Storage.Tests.Conformance;

/// <summary>The names that volunteers gave, and what they have done.</summary>
public abstract class BoardConformance(IStoreHost host) : TaskStoreConformance(host)
{
    private static readonly IdentityId Ada = new(7);
    private static readonly IdentityId Ben = new(long.MaxValue);

    private IBoardStore Board => ((TaskStore)Store).Board;

    [Fact]
    public async Task ANameAndItsWork_AreKept_OverAnotherName()
    {
        Assert.True(await Board.SetNameAsync(Ada, "Ada"));
        await Board.AddWorkAsync([Done(Ada, 2, 1.5), Done(Ben, 9, 9)]);
        var since = Assert.Single(await Board.ListAsync()).Since;
        await AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.True(await Board.SetNameAsync(Ada, "Ada L."));
        await Board.AddWorkAsync([Done(Ada, 1, 0.25)]);
        await ReopenAsync();

        var named = Assert.Single(await Board.ListAsync());
        Assert.Equal((Ada, "Ada L.", 3, TimeSpan.FromSeconds(1.75), since),
            (named.Identity, named.Name, named.Tasks, named.Computed, named.Since));
        Assert.True(named.SeenAt > since);
    }

    [Fact]
    public async Task AForgottenName_IsGone_AndBeginsAnew()
    {
        await Board.SetNameAsync(Ada, "Ada");
        await Board.SetNameAsync(Ben, "Ben");
        await Board.AddWorkAsync([Done(Ada, 2, 1), Done(Ben, 1, 1)]);
        await Board.ForgetAsync(Ada);
        Assert.Equal("Ben", Assert.Single(await Board.ListAsync()).Name);
        Assert.True(await Board.SetNameAsync(Ada, "Ada"));
        Assert.Equal([0, 1], (await Board.ListAsync()).Select(static named => named.Tasks));
    }

    [Fact]
    public async Task ANameThatWasTakenOff_StaysOff()
    {
        await Board.SetNameAsync(Ada, "rude");
        Assert.True(await Board.TakeOffAsync(Ada));
        Assert.False(await Board.TakeOffAsync(Ada));
        Assert.False(await Board.TakeOffAsync(Ben));
        await Board.ForgetAsync(Ada);
        Assert.False(await Board.SetNameAsync(Ada, "ruder"));
        await ReopenAsync();
        Assert.Null(Assert.Single(await Board.ListAsync()).Name);
        Assert.False(await Board.SetNameAsync(Ada, "rudest"));
    }

    [Fact]
    public async Task TooManyNames_PushOutThoseThatDidNothing_First()
    {
        await Board.SetNameAsync(Ada, "Ada");
        await Board.AddWorkAsync([Done(Ada, 1, 1)]);
        await AdvanceAsync(TimeSpan.FromSeconds(1));
        for (var i = 0; i < Limits.BoardNamesMax; i += 100)
        {
            await Task.WhenAll(
                Enumerable.Range(i, 100).Select(n => Board.SetNameAsync(new(1_000 + n), $"flood {n}")));
        }

        var names = await Board.ListAsync();
        Assert.Equal(Limits.BoardNamesMax, names.Count);
        Assert.Contains(names, static named => named.Name == "Ada");
    }

    // Before what it did was stored, too.
    [Fact]
    public async Task ANameThatWasTakenOff_StaysOff_HoweverManyComeAfterIt()
    {
        await Board.SetNameAsync(Ada, "rude");
        Assert.True(await Board.TakeOffAsync(Ada));
        await AdvanceAsync(TimeSpan.FromSeconds(1));
        for (var i = 0; i <= Limits.BoardNamesMax; i += 100)
        {
            await Task.WhenAll(
                Enumerable.Range(i, 100).Select(n => Board.SetNameAsync(new(1_000 + n), $"flood {n}")));
        }

        Assert.Equal(1 + Limits.BoardNamesMax, (await Board.ListAsync()).Count);
        Assert.False(await Board.SetNameAsync(Ada, "ruder"));
    }

    [Fact]
    public async Task AResult_SaysOnceHowLongItTook()
    {
        var id = await SubmitAsync();
        var claimed = Assert.Single(await Store.ClaimAsync(new() { WorkerId = "w" }));
        var complete = new TaskChange(id, new TaskCommand.Complete(claimed.Task.Lease!.Token, Bytes("1"))
        {
            Computed = TimeSpan.FromDays(300),
        });
        await AdvanceAsync(TimeSpan.FromSeconds(2));
        var heartbeat = new TaskChange(id, new TaskCommand.Heartbeat(claimed.Task.Lease.Token));
        Assert.Null(Assert.Single(await Store.ApplyAsync([heartbeat])).Computed);

        // No longer than it had the task.
        var computed = Assert.Single(await Store.ApplyAsync([complete])).Computed;
        Assert.InRange(computed!.Value, TimeSpan.FromSeconds(2), TimeSpan.FromHours(1));
        var again = Assert.Single(await Store.ApplyAsync([complete]));
        Assert.Equal((Refusal.None, null), (again.Refusal, again.Computed));
    }

    private static WorkDone Done(IdentityId worker, long tasks, double seconds) =>
        new(worker, tasks, TimeSpan.FromSeconds(seconds));
}
