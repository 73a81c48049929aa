using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Weft.Serve;

namespace Weft.Tests.Access;

public sealed class TrustedProxiesTests
{
    [Theory]
    [InlineData("10.0.0.9", "203.0.113.7", "203.0.113.7")]
    [InlineData("10.0.0.9", "198.51.100.1, 203.0.113.7", "203.0.113.7")]
    [InlineData("10.0.0.9", "203.0.113.7, 10.0.0.8", "203.0.113.7")]
    [InlineData("203.0.113.66", "198.51.100.1", "203.0.113.66")]
    [InlineData("10.0.0.9", "nonsense", "10.0.0.9")]
    public async Task WhoAsks_IsWhatTheLastTrustedProxySays(string peer, string forwardedFor, string address)
    {
        using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        var app = new ApplicationBuilder(services);
        app.UseTrustedProxies([IPNetwork.Parse("10.0.0.0/8")]);
        app.Run(static _ => Task.CompletedTask);
        var context = new DefaultHttpContext { RequestServices = services };
        context.Request.Scheme = "http";
        context.Connection.RemoteIpAddress = IPAddress.Parse(peer);
        context.Request.Headers["X-Forwarded-For"] = forwardedFor;
        context.Request.Headers["X-Forwarded-Proto"] = "https";
        await app.Build()(context);
        Assert.Equal(address, context.Connection.RemoteIpAddress.ToString());
    }
}
