using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Weft.Core.Access;
using Weft.Http.Access;
using Weft.Serve;
using Weft.Tests.Api;

namespace Weft.Tests.Access;

public sealed class RouteAccessTests(RouteAccessTests.Server server) : IClassFixture<RouteAccessTests.Server>
{
    /// <summary>All that a scope may be allowed is.</summary>
    public sealed class Server : AccessServer
    {
        protected override ServeOptions Options => new()
        {
            Access = AccessMode.Tokens,
            Webhooks = { ForSubmitters = true },
        };
    }

    [Fact]
    public async Task EveryRoute_SaysWhoMayUseIt()
    {
        var routes = await KnownRoute.AllAsync();
        Assert.True(routes.Count > 25);
        Assert.All(routes, static route => Assert.NotNull(route.Access));
    }

    [Fact]
    public async Task PublicRoutes_AreTheseAlone() =>
        Assert.Equal(["GET /health", "GET /health/live", "GET /health/ready", "HEAD /health", "HEAD /health/live",
            "HEAD /health/ready"],
            (await KnownRoute.AllAsync()).Where(static route => route.Access!.IsPublic)
                .Select(static route => route.ToString()).Order());

    [Fact]
    public async Task RoutesThatChangeAnything_AreNotForReaders() =>
        Assert.All((await KnownRoute.AllAsync()).Where(static route => route.Method is not ("GET" or "HEAD")),
            static route => Assert.False(route.Access!.AnyOf.HasFlag(Scope.Read), route.ToString()));

    [Fact]
    public async Task EveryRouteThatIsNotPublic_WithoutAToken_IsRefused()
    {
        foreach (var route in (await KnownRoute.AllAsync()).Where(static route => !route.Access!.IsPublic))
        {
            var answer = await server.SendAsync(null, route.Method, route.Example);
            Assert.True(answer.Status == 401, $"{route}: {answer.Status} {answer.Text}");
            Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
            Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
            Assert.Equal(!route.Access!.IsFrozen, !answer.Headers.Contains("Access-Control-Allow-Origin"));
        }
    }

    [Theory]
    [InlineData("submit", Scope.Submit)]
    [InlineData("work", Scope.Work)]
    [InlineData("read", Scope.Read)]
    [InlineData("metrics", Scope.Metrics)]
    [InlineData("submit work read", Scope.Submit | Scope.Work | Scope.Read)]
    public async Task EveryRoute_WithATokenOfOtherScopes_IsRefused_AndElseIsNot(string scopes, Scope has)
    {
        var (_, token) = await server.TokenAsync(scopes);
        foreach (var route in (await KnownRoute.AllAsync()).Where(static route => !route.Access!.IsPublic))
        {
            var answer = await server.SendAsync(token, route.Method, route.Example);
            Assert.True((answer.Status == 403) == ((route.Access!.AnyOf & has) == 0),
                $"{route}: {answer.Status} {answer.Text}");
        }
    }

    [Fact]
    public async Task ATokenThatCounts_IsToldFromNone_AndFromOneThatDoesNot()
    {
        Assert.Contains("'weft token create' makes one",
            (await server.GetAsync(null, "queues")).Refused(401, "unauthorized"), StringComparison.Ordinal);
        Assert.Contains("mistyped",
            (await server.GetAsync("weft_" + new string('x', 43), "queues")).Refused(401, "unauthorized"),
            StringComparison.Ordinal);
        Assert.Contains("A token is required", (await server.GetAsync(null, "/stats")).Text, StringComparison.Ordinal);
        Assert.Contains("The token is not valid", (await server.GetAsync("weft_x", "/stats")).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATokenOfOtherScopes_IsToldWhichItLacks_AndWhichItHas()
    {
        var (_, token) = await server.TokenAsync("submit work");
        Assert.Equal("This request needs a token with the scope read or admin; this one has submit, work.",
            (await server.GetAsync(token, "queues")).Refused(403, "forbidden"));
        Assert.Equal("This request needs a token with the scope admin; this one has submit, work.",
            (await server.GetAsync(token, "tokens")).Refused(403, "forbidden"));
        Assert.Contains("it needs the scope read or admin", (await server.GetAsync(token, "/stats")).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task AModuleThatTakesAToken_IsForNoProxysCache()
    {
        var module = ModuleBytes.Wasm("private");
        using var http = new HttpClient { DefaultRequestHeaders = { Authorization = new("Bearer", server.Admin) } };
        using var pushed = await http.PutAsync(new Uri(server.Url, "/api/v1/modules"), new ByteArrayContent(module),
            TestContext.Current.CancellationToken);
        Assert.Equal(201, (int)pushed.StatusCode);
        var hash = ModuleBytes.Hash(module);
        var answer = await server.GetAsync(server.Worker, $"modules/{hash}");
        Assert.Equal((200, true, false),
            (answer.Status, answer.Headers.CacheControl!.Private, answer.Headers.CacheControl.Public));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    public async Task AHashThatIsNone_IsCalledSo(string method) =>
        Assert.Contains("64 lowercase hex digits",
            (await server.SendAsync(server.Admin, method, "modules/zebra")).Refused(404, "module_not_found"),
            StringComparison.Ordinal);

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
