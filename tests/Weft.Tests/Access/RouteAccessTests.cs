using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Weft.Core.Access;
using Weft.Http.Access;

namespace Weft.Tests.Access;

public sealed class RouteAccessTests(AccessServer server) : IClassFixture<AccessServer>
{
    [Fact]
    public async Task EveryRoute_SaysWhoMayUseIt()
    {
        var routes = await KnownRoute.AllAsync();
        Assert.True(routes.Count > 25);
        Assert.All(routes, static route => Assert.NotNull(route.Access));
    }

    [Fact]
    public async Task PublicRoutes_AreTheseAlone() =>
        Assert.Equal(["GET /health", "GET /health/live", "GET /health/ready"], (await KnownRoute.AllAsync()).Where(static route => route.Access!.IsPublic).Select(static route => route.ToString()).Order());

    [Fact]
    public async Task RoutesThatChangeAnything_AreNotForReaders() =>
        Assert.All((await KnownRoute.AllAsync()).Where(static route => route.Method is not ("GET" or "HEAD")), static route => Assert.False(route.Access!.AnyOf.HasFlag(Scope.Read), route.ToString()));

    [Fact]
    public async Task EveryRouteThatIsNotPublic_WithoutAToken_IsRefused()
    {
        foreach (var route in (await KnownRoute.AllAsync()).Where(static route => !route.Access!.IsPublic))
        {
            var answer = await server.SendAsync(null, route.Method, route.Example);
            Assert.True(answer.Status == 401, $"{route}: {answer.Status} {answer.Text}");
            Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
            Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
            Assert.Equal("*", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
        }
    }

    [Theory]
    [InlineData("submit", Scope.Submit)]
    [InlineData("work", Scope.Work)]
    [InlineData("read", Scope.Read)]
    [InlineData("submit work read", Scope.Submit | Scope.Work | Scope.Read)]
    public async Task EveryRoute_WithATokenOfOtherScopes_IsRefused_AndElseIsNot(string scopes, Scope has)
    {
        var (_, token) = await server.TokenAsync(scopes);
        foreach (var route in (await KnownRoute.AllAsync()).Where(static route => !route.Access!.IsPublic))
        {
            var answer = await server.SendAsync(token, route.Method, route.Example);
            Assert.True((answer.Status == 403) == ((route.Access!.AnyOf & has) == 0), $"{route}: {answer.Status} {answer.Text}");
        }
    }

    [Fact]
    public async Task ARouteWithoutAccess_StopsTheStart_AndIsNotServedEither()
    {
        await using var app = WebApplication.CreateSlimBuilder().Build();
        app.MapGet("/forgotten", static () => "secret");
        var exception = Assert.Throws<InvalidOperationException>(app.RequireAccessOnAll);
        Assert.Contains("/forgotten", exception.Message, StringComparison.Ordinal);
        var access = new AccessControl(requiresTokens: true, legacyOpen: true, tokens: null!, TimeProvider.System);
        Assert.Equal(403, access.Admit(new DefaultHttpContext(), access: null));
    }
}
