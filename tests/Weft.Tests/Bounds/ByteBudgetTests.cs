using Weft.Core.Storage;
using Weft.Http.Bounds;
using Weft.Serve;

namespace Weft.Tests.Bounds;

public sealed class ByteBudgetTests
{
    private static readonly ClientKey One = ClientKey.OfToken(1);
    private static readonly ClientKey Other = ClientKey.OfToken(2);

    [Fact]
    public void NewWork_IsTurnedAway_BeforeWhatMovesWorkOn()
    {
        var budget = new ByteBudget(100, clientMax: 100);
        Assert.True(budget.TryTake(One, 75, Admission.NewWork));
        Assert.False(budget.TryTake(Other, 1, Admission.NewWork));
        Assert.True(budget.TryTake(Other, 25, Admission.Progress));
        Assert.False(budget.TryTake(One, 1, Admission.Progress));
        Assert.Equal(100, budget.Taken);
    }

    [Fact]
    public void AClient_HasItsShare_AndLeavesTheRestToOthers()
    {
        var budget = new ByteBudget(100, clientMax: 60);
        foreach (var client in (ClientKey[])[One, default])
        {
            Assert.True(budget.TryTake(client, 45, Admission.NewWork));
            Assert.False(budget.TryTake(client, 1, Admission.NewWork));
            Assert.True(budget.TryTake(client, 15, Admission.Progress));
            Assert.False(budget.TryTake(client, 1, Admission.Progress));
            Assert.True(budget.TryTake(Other, 40, Admission.Progress));
            budget.Return(Other, 40);
            budget.Return(client, 60);
            Assert.Equal(0, budget.Taken);
        }

        Assert.Equal(100, budget.TakePeak());
    }

    [Fact]
    public void AClientsShare_IsHalf_ButNeverLessThanALargeClaimTakes()
    {
        var options = new ServeOptions();
        Assert.Equal(ServeBounds.InFlightBytesDefault / 2,
            options.Bounds.InFlightBytesPerClientFor(options.BodyBytesMax));
        options.Bounds.InFlightBytes = 1L << 40;
        Assert.Equal(1L << 39, options.Bounds.InFlightBytesPerClientFor(options.BodyBytesMax));
        options.Bounds.InFlightBytes = ServeBounds.InFlightBytesMin(options.BodyBytesMax);
        Assert.Equal(options.Bounds.InFlightBytes, options.Bounds.InFlightBytesPerClientFor(options.BodyBytesMax));
        options.Bounds.InFlightBytesPerClient = 1 << 20;
        Assert.Contains("--max-inflight-bytes-per-client must be at least",
            Assert.Throws<CommandLine.CommandFailure>(() => BoundSettings.Complete(options)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void AShare_IsGivenBack_WhateverWasTaken()
    {
        var budget = new ByteBudget(100, clientMax: 100);
        using (var share = new BodyShare(budget, One))
        {
            Assert.True(share.TryGrow(60, Admission.Progress));
            Assert.False(share.TryGrow(60, Admission.Progress));
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
        Assert.Contains("--max-inflight-bytes must be at least",
            Assert.Throws<CommandLine.CommandFailure>(() => BoundSettings.Complete(options)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void OneOfManyWithAToken_LeavesRoomForTheOthers_AndAllOfThemForOtherTokens()
    {
        var budget = new ByteBudget(100, clientMax: 40);
        ClientKey[] sharers = [new(1, Token: 7), new(2, Token: 7), new(3, Token: 7)];
        Assert.True(budget.TryTake(sharers[0], 40, Admission.Progress));
        Assert.False(budget.TryTake(sharers[0], 1, Admission.Progress));
        Assert.True(budget.TryTake(sharers[1], 35, Admission.Progress));
        Assert.False(budget.TryTake(sharers[2], 1, Admission.Progress));
        Assert.True(budget.TryTake(new(3, Token: 8), 25, Admission.Progress));
        budget.Return(sharers[0], 40);
        Assert.True(budget.TryTake(sharers[2], 40, Admission.Progress));
        budget.Return(sharers[1], 35);
        budget.Return(sharers[2], 40);
        budget.Return(new(3, Token: 8), 25);
        Assert.Equal(0, budget.Taken);
    }
}
