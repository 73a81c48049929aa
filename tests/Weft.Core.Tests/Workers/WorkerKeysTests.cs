using System.Net;
using Weft.Core.Access;
using Weft.Core.Workers;
using Weft.Testing.Time;

namespace Weft.Core.Tests.Workers;

public sealed class WorkerKeysTests
{
    private readonly WorkerKeys _keys = new(new byte[WorkerKeys.SecretBytes]);

    [Fact]
    public void Key_IsItsWorkers_UnderItsTokenAlone()
    {
        var key = _keys.Create(new TokenId(7));
        Assert.NotNull(_keys.Read(key, new TokenId(7)));
        Assert.Equal(_keys.Read(key, new TokenId(7)), _keys.Read(key, new TokenId(7)));
        Assert.Null(_keys.Read(key, new TokenId(8)));
        Assert.Null(_keys.Read(key, null));
        Assert.NotEqual(_keys.Read(key, new TokenId(7)), _keys.Read(_keys.Create(new TokenId(7)), new TokenId(7)));
    }

    [Fact]
    public void Key_ThatWasChanged_OrIsOfAnotherStore_IsNobodys()
    {
        var key = _keys.Create(null);
        Assert.NotNull(_keys.Read(key, null));
        for (var i = 0; i < key.Length; i++)
        {
            var changed = key.ToCharArray();
            changed[i] = changed[i] == 'A' ? 'B' : 'A';
            Assert.Null(_keys.Read(new(changed), null));
        }

        Assert.Null(_keys.Read(key[..^1], null));
        Assert.Null(_keys.Read(key + "A", null));
        Assert.Null(_keys.Read("", null));
        var others = new WorkerKeys(Enumerable.Repeat((byte)1, WorkerKeys.SecretBytes).ToArray());
        Assert.Null(others.Read(key, null));
    }

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.200", true)]
    [InlineData("203.0.113.7", "203.0.114.7", false)]
    [InlineData("::ffff:203.0.113.7", "203.0.113.9", true)]
    [InlineData("2001:db8:1:2::3", "2001:db8:1:ffff::9", true)]
    [InlineData("2001:db8:1::", "2001:db8:2::", false)]
    [InlineData("10.0.0.1", "10.255.3.4", true)]
    [InlineData("10.0.0.1", "192.168.0.1", false)]
    [InlineData("127.0.0.1", "::1", true)]
    [InlineData("172.16.0.1", "172.31.9.9", true)]
    [InlineData("172.16.0.1", "172.32.9.9", false)]
    [InlineData("fd00::1", "fdff:9::1", true)]
    public void Network_IsWhatOneCustomerHas(string one, string other, bool isSame) =>
        Assert.Equal(isSame, _keys.NetworkOf(IPAddress.Parse(one)) == _keys.NetworkOf(IPAddress.Parse(other)));

    [Fact]
    public void Newcomers_AreBounded_ByNetworkAndHour()
    {
        var time = new SettableTimeProvider(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        var bound = new NewcomerBound(time);
        var one = _keys.NetworkOf(IPAddress.Parse("192.0.2.1"));
        var other = _keys.NetworkOf(IPAddress.Parse("198.51.100.1"));
        for (var i = 0; i < Limits.NewcomersMax; i++) Assert.Null(bound.Take(one));
        time.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal(TimeSpan.FromMinutes(40), bound.Take(one));
        Assert.Null(bound.Take(other));
        time.Advance(TimeSpan.FromMinutes(40));
        Assert.Null(bound.Take(one));
    }
}
