using System.Net;
using Weft.Http.Bounds;

namespace Weft.Tests.Bounds;

public sealed class RateTableTests
{
    private const int PerSecond = 10;
    private const long TicksPerSecond = 1_000;
    private const long Start = 5_000_000;

    private readonly RateTable _rates = new(PerSecond, TicksPerSecond);
    private readonly ClientKey _client = ClientKey.OfToken(1);

    [Fact]
    public void ASecondsWorth_MayComeAtOnce_AndNoMore()
    {
        for (var i = 0; i < PerSecond; i++) Assert.Equal(0, _rates.TryTake(_client, Start));
        Assert.Equal(TicksPerSecond / PerSecond, _rates.TryTake(_client, Start));
    }

    [Fact]
    public void WhatWasUsed_FlowsBack_OneByOne()
    {
        for (var i = 0; i < PerSecond; i++) _rates.TryTake(_client, Start);
        const long later = Start + TicksPerSecond / PerSecond;
        Assert.Equal(0, _rates.TryTake(_client, later));
        Assert.NotEqual(0, _rates.TryTake(_client, later));
    }

    [Fact]
    public void ARefusal_CostsNothing()
    {
        for (var i = 0; i < 100 * PerSecond; i++) _rates.TryTake(_client, Start);
        Assert.Equal(0, _rates.TryTake(_client, Start + TicksPerSecond / PerSecond));
    }

    [Fact]
    public void OneClient_DoesNotUseUpAnothers()
    {
        for (var i = 0; i <= PerSecond; i++) _rates.TryTake(_client, Start);
        Assert.Equal(0, _rates.TryTake(ClientKey.OfToken(2), Start));
    }

    [Fact]
    public void AFloodOfAddresses_DoesNotForgetOneThatIsOverItsRate()
    {
        for (var i = 0; i <= PerSecond; i++) _rates.TryTake(_client, Start);
        for (var i = 2; i < 2_000; i++) Assert.Equal(0, _rates.TryTake(ClientKey.OfToken(i), Start));
        Assert.NotEqual(0, _rates.TryTake(_client, Start));
    }

    [Fact]
    public async Task ManyAtOnce_GetTogetherWhatOneWouldGet()
    {
        // What they could get wrong is who takes over the slot, which is decided by their first steps.
        for (var client = 1; client <= 1_000; client++)
        {
            var key = ClientKey.OfToken(client);
            using var start = new Barrier(2);
            var counts = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
            {
                start.SignalAndWait();
                return Enumerable.Range(0, PerSecond).Count(_ => _rates.TryTake(key, Start) == 0);
            })));
            Assert.Equal(PerSecond, counts.Sum());
        }
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.9.9.9")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    public void ThisMachine_IsNobody(string address) =>
        Assert.True(ClientKey.OfAddress(IPAddress.Parse(address)).IsNobody);

    [Fact]
    public void Addresses_OfOneIpv6Network_AreOneClient_AndOthersAreNot()
    {
        Assert.Equal(Of("2001:db8::1"), Of("2001:db8::ffff:1"));
        Assert.NotEqual(Of("2001:db8::1"), Of("2001:db8:0:1::1"));
        Assert.Equal(Of("192.0.2.1"), Of("::ffff:192.0.2.1"));
        Assert.NotEqual(Of("192.0.2.1"), Of("192.0.2.2"));
    }

    private static ClientKey Of(string address) => ClientKey.OfAddress(IPAddress.Parse(address));
}
