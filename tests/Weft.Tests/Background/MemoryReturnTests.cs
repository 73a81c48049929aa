using Weft.Background;
using Weft.Core.Storage;
using Weft.Http.Bounds;

namespace Weft.Tests.Background;

public sealed class MemoryReturnTests
{
    private const long Much = 100 << 20;

    private readonly ByteBudget budget = new(1L << 30, 1L << 30);
    private long allocated;

    [Fact]
    public async Task RunOnce_WhileItIsBusy_CollectsNothing_AndOnceWhenThatIsOver()
    {
        var memory = new MemoryReturn(budget, () => allocated);
        for (var i = 0; i < 5; i++)
        {
            allocated += Much;
            Assert.Equal(0, await memory.RunOnceAsync(CancellationToken.None));
        }

        Assert.Equal(1, await memory.RunOnceAsync(CancellationToken.None));
        for (var i = 0; i < 5; i++)
        {
            allocated += 1_000;
            Assert.Equal(0, await memory.RunOnceAsync(CancellationToken.None));
        }
    }

    [Fact]
    public async Task RunOnce_OnceTheStartIsOver_Collects()
    {
        var memory = new MemoryReturn(budget, () => allocated);
        allocated += Much;
        Assert.Equal(0, await memory.RunOnceAsync(CancellationToken.None));
        allocated += 1_000;
        Assert.Equal(1, await memory.RunOnceAsync(CancellationToken.None));
        allocated += 1_000;
        Assert.Equal(0, await memory.RunOnceAsync(CancellationToken.None));
    }

    [Fact]
    public async Task RunOnce_AfterLargeBodies_CollectsThreeTimes()
    {
        var memory = new MemoryReturn(budget, () => allocated);
        Assert.True(budget.TryTake(default, Much, Admission.NewWork));
        // Others go on, so that it never becomes quiet.
        allocated += Much;
        Assert.Equal(0, await memory.RunOnceAsync(CancellationToken.None));
        budget.Return(default, Much);
        for (var i = 0; i < 5; i++)
        {
            allocated += Much;
            Assert.Equal(i < 3 ? 1 : 0, await memory.RunOnceAsync(CancellationToken.None));
        }
    }
}
