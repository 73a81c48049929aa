using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Weft.Http.Bounds;
using Weft.Http.Pipeline;

namespace Weft.Tests.Bounds;

public sealed class RequestRatesTests
{
    [Theory]
    [InlineData("/health", 200)]
    [InlineData("/health/live", 200)]
    [InlineData("/health/ready", 200)]
    [InlineData("/health/", 429)]
    [InlineData("/health/a/b/c", 429)]
    [InlineData("/health/live/x", 429)]
    [InlineData("/healthy", 429)]
    [InlineData("/stats", 429)]
    public async Task PastTheRate_OnlyTheThreeHealthPathsAreServed(string path, int status)
    {
        var time = new FakeTimeProvider();
        using var services = new ServiceCollection().AddSingleton(new ServeBounds { RequestsPerAddress = 1 })
            .AddSingleton<TimeProvider>(time).BuildServiceProvider();
        var app = new ApplicationBuilder(services);
        app.UseWeftAddressRates();
        app.Run(static _ => Task.CompletedTask);
        var pipeline = app.Build();
        await pipeline(Request("/stats", services));
        var request = Request(path, services);
        await pipeline(request);
        Assert.Equal(status, request.Response.StatusCode);
    }

    private static DefaultHttpContext Request(string path, IServiceProvider services)
    {
        var context = new DefaultHttpContext { RequestServices = services };
        context.Connection.RemoteIpAddress = IPAddress.Parse("203.0.113.7");
        context.Request.Path = path;
        return context;
    }
}
