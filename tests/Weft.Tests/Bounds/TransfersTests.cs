using System.Net;
using Weft.Http.Bounds;

namespace Weft.Tests.Bounds;

public sealed class TransfersTests
{
    private readonly Transfers _transfers = new();

    [Fact]
    public void OneClient_LeavesPlacesToTheOthers()
    {
        Enter(Volunteer(1), Transfers.ClientMax);
        Assert.False(_transfers.TryEnter(Volunteer(1)));
        Assert.True(_transfers.TryEnter(Volunteer(2)));

        _transfers.Leave(Volunteer(1));
        Enter(Volunteer(1), 1);
        Assert.False(_transfers.TryEnter(Volunteer(1)));
    }

    [Fact]
    public void AllWithOneToken_LeavePlacesToThoseWithOthers()
    {
        for (var address = 0; address < Transfers.SharersMax; address++) Enter(Volunteer(address), 1);
        Assert.False(_transfers.TryEnter(Volunteer(Transfers.SharersMax)));
        Assert.True(_transfers.TryEnter(Volunteer(1) with { Token = 8 }));

        _transfers.Leave(Volunteer(0));
        Assert.True(_transfers.TryEnter(Volunteer(Transfers.SharersMax)));
    }

    [Fact]
    public void ThoseOfThisMachineWithAToken_AreAClient_AndThoseWithoutAreNobody()
    {
        Enter(ClientKey.OfToken(7), Transfers.ClientMax);
        Assert.False(_transfers.TryEnter(ClientKey.OfToken(7)));
        Enter(default, 2 * Transfers.SharersMax);
    }

    private static ClientKey Volunteer(int address) =>
        ClientKey.OfAddress(new IPAddress([192, 0, 2, (byte)address])) with { Token = 7 };

    private void Enter(ClientKey client, int times)
    {
        for (var i = 0; i < times; i++) Assert.True(_transfers.TryEnter(client));
    }
}
