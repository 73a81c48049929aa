using System.Net;
using Microsoft.AspNetCore.Connections;
using Weft.Http.Bounds;

namespace Weft.Tests.Bounds;

public sealed class AddressConnectionsTests
{
    private const int Max = 2;
    private readonly List<TaskCompletionSource> _served = [];
    private readonly ConnectionDelegate _guard;

    public AddressConnectionsTests() => _guard = new AddressConnections(Max, [IPNetwork.Parse("10.0.0.0/8")]).Guard(_ =>
    {
        _served.Add(new());
        return _served[^1].Task;
    });

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("192.0.2.7", "::ffff:192.0.2.7")]
    [InlineData("2001:db8::1", "2001:db8::2")]
    public async Task OneMoreOfAnAddress_IsNotServed_UntilAnotherHasGone(string address, string sameAddress)
    {
        var first = Connect(address);
        _ = Connect(sameAddress);
        await Connect(address);
        Assert.Equal(Max, _served.Count);
        _served[0].SetResult();
        await first;
        _ = Connect(sameAddress);
        Assert.Equal(Max + 1, _served.Count);
    }

    [Fact]
    public void AnotherAddress_IsServedAllTheSame()
    {
        foreach (var address in (string[])["192.0.2.7", "192.0.2.7", "192.0.2.8", "2001:db8:0:1::1", "2001:db8:0:2::1"])
            _ = Connect(address);
        Assert.Equal(5, _served.Count);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("10.1.2.3")]
    [InlineData("::ffff:10.1.2.3")]
    public void ThisMachine_AndTrustedProxies_AreNotCounted(string address)
    {
        for (var i = 0; i < 10; i++) _ = Connect(address);
        Assert.Equal(10, _served.Count);
    }

    [Fact]
    public async Task AConnectionThatFails_IsCountedNoMore()
    {
        var failing = Connect("192.0.2.7");
        _ = Connect("192.0.2.7");
        _served[0].SetException(new IOException("reset"));
        await Assert.ThrowsAsync<IOException>(() => failing);
        _ = Connect("192.0.2.7");
        Assert.Equal(Max + 1, _served.Count);
    }

    [Theory]
    [InlineData(4_096, 16_384, 4_096)]
    [InlineData(4_096, 1_000, 500)]
    [InlineData(1_000_000, 3, 1)]
    [InlineData(4_096, 1, 1)]
    [InlineData(0, 1_000, 0)]
    public void OneAddress_HasHalfOfAllAtMost(int wished, int all, int max) =>
        Assert.Equal(max, AddressConnections.MaxFor(wished, all));

    private Task Connect(string address) =>
        _guard(new DefaultConnectionContext { RemoteEndPoint = new IPEndPoint(IPAddress.Parse(address), 1) });
}
