using Weft.Http.Bounds;
using Weft.Serve;

namespace Weft.Tests.Bounds;

public sealed class ByteBudgetTests
{
    [Fact]
    public void NewWork_IsTurnedAway_BeforeWhatMovesWorkOn()
    {
        var budget = new ByteBudget(100);
        Assert.True(budget.TryTake(75, Urgency.BringsWork));
        Assert.False(budget.TryTake(1, Urgency.BringsWork));
        Assert.True(budget.TryTake(25, Urgency.MovesWorkOn));
        Assert.False(budget.TryTake(1, Urgency.MovesWorkOn));
        Assert.Equal(100, budget.Taken);
    }

    [Fact]
    public void AShare_IsGivenBack_WhateverWasTaken()
    {
        var budget = new ByteBudget(100);
        using (var share = new BodyShare(budget))
        {
            Assert.True(share.TryGrow(60, Urgency.MovesWorkOn));
            Assert.False(share.TryGrow(60, Urgency.MovesWorkOn));
            share.Shrink(10);
            Assert.Equal(50, budget.Taken);
        }

        Assert.Equal(0, budget.Taken);
    }

    [Theory]
    [InlineData(null, 20_000, 16_384)]
    [InlineData(null, 1_024, 768)]
    [InlineData(500, 1_024, 500)]
    [InlineData(5_000, 1_024, 768)]
    [InlineData(null, 100, 1)]
    [InlineData(null, null, 16_384)]
    public void Connections_LeaveFiles_ForTheDatabase(int? wanted, int? filesMax, int connections) =>
        Assert.Equal(connections, KestrelBounds.Connections(wanted, filesMax));

    [Fact]
    public void TheBudget_GrowsWithTheBodiesThatAreAllowed_AndATooSmallOneIsRefused()
    {
        var options = new ServeOptions { BodyBytesMax = 1 << 30 };
        Assert.True(options.Bounds.InFlightBytesFor(options.BodyBytesMax) > 2L << 30);
        options.Bounds.InFlightBytes = 1L << 30;
        Assert.Contains("--max-inflight-bytes must be at least", Assert.Throws<Weft.Cli.CommandFailure>(() => BoundSettings.Complete(options)).Message, StringComparison.Ordinal);
    }
}
