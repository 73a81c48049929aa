using Weft.Core.Matching;
using Weft.Core.Storage;
using Weft.Core.Waiting;

namespace Weft.Core.Tests.Waiting;

public sealed class ClaimWaitingRoomTests
{
    private readonly ClaimWaitingRoom _room = new();

    [Fact]
    public void Wake_WakesAsManyAsThereAreTasks_TheLongestWaitingFirst()
    {
        var waiters = Enumerable.Range(0, 1_000).Select(_ => Enter()).ToArray();
        _room.Wake(Ready(3));
        Assert.Equal([true, true, true, false], waiters.Take(4).Select(IsAwake));
        Assert.Equal(3, waiters.Count(IsAwake));
        Assert.Equal(997, _room.Count);
    }

    [Fact]
    public void Wake_CountsWhatAWaiterTakesAtOnce()
    {
        var (many, one, last) = (Enter(max: 4), Enter(), Enter());
        _room.Wake(Ready(5));
        Assert.Equal([true, true, false], new[] { many, one, last }.Select(IsAwake));
    }

    [Fact]
    public void Wake_PassesOverWhoCannotRunTheTask()
    {
        var (plain, gpu, other) = (Enter(), Enter("q", 1, "gpu"), Enter(queue: "other"));
        _room.Wake(new("q", Requirements.Parse("gpu"), 9));
        Assert.Equal([false, true, false], new[] { plain, gpu, other }.Select(IsAwake));
    }

    [Fact]
    public void Waiter_WokenInVain_ComesBackToItsOldPlace()
    {
        var (first, second) = (Enter(), Enter());
        _room.Wake(Ready(1));
        Assert.True(_room.Reenter(first));
        Assert.False(IsAwake(first));
        _room.Wake(Ready(1));
        Assert.Equal([true, false], new[] { first, second }.Select(IsAwake));
    }

    [Fact]
    public void Waiter_ThatLeavesWithAWakeUp_HandsItToTheNext()
    {
        var (first, second, third) = (Enter(), Enter(), Enter());
        _room.Wake(Ready(1));
        _room.Leave(first);
        Assert.Equal([true, false], new[] { second, third }.Select(IsAwake));
        _room.Leave(third);
        _room.Wake(Ready(1));
        Assert.Equal(0, _room.Count);
    }

    [Fact]
    public void Check_IsLookedAtByOneAfterAnother_UntilSomebodyHasIt()
    {
        ClaimWaiter[] waiters = [.. Enumerable.Range(1, 6).Select(worker => EnterProven(worker))];
        _room.Wake(Ready(1) with { Requires = Requirements.Parse("").Check() });
        Assert.Equal(2, waiters.Count(IsAwake));

        Look(waiters[0], hasFound: false);
        Look(waiters[1], hasFound: false);
        Assert.Equal([false, false, true, true, false, false], waiters.Select(IsAwake));

        Look(waiters[2], hasFound: true);
        Look(waiters[3], hasFound: false);
        Assert.DoesNotContain(waiters, IsAwake);
    }

    [Fact]
    public void Check_IsLookedAtByATrustedWorker_InWhateverNetwork()
    {
        ClaimWaiter[] waiters =
            [.. Enumerable.Range(1, 4).Select(worker => EnterProven(worker, isTrusted: worker == 4))];
        _room.Wake(Ready(1) with { Requires = Requirements.Parse("").Check() });
        Assert.Equal([true, true, false, true], waiters.Select(IsAwake));
    }

    [Fact]
    public void WaiterThatIsHeld_IsPassedOver_UntilItIsFreed()
    {
        var paced = new ReadyTasks("q", Requirements.None.Verified(isPaced: true), 1);
        ClaimWaiter[] waiters = [.. Enumerable.Range(1, 3).Select(worker => EnterProven(worker))];
        _room.Hold(waiters[0], ["q"], wokenFor: null, taken: 0);
        _room.Wake(paced);
        Assert.Equal([false, true, false], waiters.Select(IsAwake));
        // It may have all else, and what it was woken for meanwhile goes to the next.
        _room.Wake(Ready(1));
        Assert.True(IsAwake(waiters[0]));
        Assert.True(_room.Reenter(waiters[0]));
        _room.Hold(waiters[0], ["q"], paced, taken: 0);
        Assert.Equal([false, true, true], waiters.Select(IsAwake));

        _room.Free([new(1), new(4)]);
        Assert.True(IsAwake(waiters[0]));
        // Freed before it has learned that it is held: it looks again.
        Assert.True(_room.Reenter(waiters[0]));
        _room.Free([new(1)]);
        _room.Hold(waiters[0], ["q"], wokenFor: null, taken: 0);
        Assert.True(IsAwake(waiters[0]));
        Assert.Equal(0, _room.Count);
    }

    [Fact]
    public void Close_LetsEverybodyGo_AndHoldsNobodyAfterwards()
    {
        var waiter = Enter();
        _room.Close();
        Assert.True(IsAwake(waiter));
        Assert.False(_room.Reenter(waiter));
        Assert.True(IsAwake(Enter()));
        Assert.Equal(0, _room.Count);
    }

    private void Look(ClaimWaiter waiter, bool hasFound)
    {
        Assert.True(_room.Reenter(waiter));
        _room.Looked(waiter, hasFound);
    }

    // All of them are in one network.
    private ClaimWaiter EnterProven(int worker, bool isTrusted = false) => _room.Enter(new()
    {
        WorkerId = $"{worker}", Queues = ["q"], Identity = new(new(worker), null, new(7), isTrusted),
    });

    private static bool IsAwake(ClaimWaiter waiter) => waiter.Woken.IsCompleted;

    private static ReadyTasks Ready(int count) => new("q", Requirements.Parse(""), count);

    private ClaimWaiter Enter(string queue = "q", int max = 1, params string[] capabilities) =>
        _room.Enter(new()
            { WorkerId = "w", Queues = [queue], Max = max, Capabilities = Capabilities.TryParse(capabilities)! });
}
