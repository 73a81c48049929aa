using System.Net;
using Weft.CommandLine;
using Weft.Serve;
using Weft.Tests.Api;

namespace Weft.Tests.Access;

/// <summary>Names, origins and proxies, as clients meet them.</summary>
public sealed class NetworkTests(NetworkTests.Server server) : IClassFixture<NetworkTests.Server>
{
    public sealed class Server : AccessServer
    {
        protected override ServeOptions Options => new()
        {
            Access = AccessMode.Tokens,
            Network = new()
                { PublicNames = ["weft.example.org"], CorsOrigins = ["https://a.example", "http://b.example:8080"],
                    TrustedProxies = [IPNetwork.Parse("127.0.0.0/8")] },
        };
    }

    [Theory]
    [InlineData("weft.example.org", 200)]
    [InlineData("evil.example", 421)]
    public async Task AHostThatIsNotOurs_IsRefused_BeforeAnythingElse(string host, int status)
    {
        Assert.Equal(status, (await SendAsync("/health", host)).Status);
        Assert.Equal(status, (await SendAsync("/", host)).Status);
        var api = await SendAsync("/api/v1/queues", host);
        if (status == 421) api.Refused(421, "unknown_host");
        else api.Refused(401, "unauthorized");
    }

    [Theory]
    [InlineData("https://a.example", "https://a.example")]
    [InlineData("http://b.example:8080", "http://b.example:8080")]
    [InlineData("https://evil.example", null)]
    [InlineData("https://a.example.evil.example", null)]
    [InlineData("null", null)]
    [InlineData(null, null)]
    public async Task AnOrigin_IsAllowed_WhenItIsConfigured(string? origin, string? allowed)
    {
        var answer = await SendAsync("/api/v1/queues", origin: origin);
        Assert.Equal(allowed,
            answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) ? Assert.Single(values) : null);
        Assert.Contains("Origin", answer.Headers.Vary);
        Assert.Equal(origin is null || allowed is not null ? 401 : 403, answer.Status);

        foreach (var path in new[] { "/health", "/", "/nothing" })
        {
            Assert.Equal("*",
                Assert.Single((await SendAsync(path, origin: origin))
                    .Headers.GetValues("Access-Control-Allow-Origin")));
        }
    }

    [Fact]
    public async Task WithoutTls_BrowsersAreNotToldToInsistOnIt() =>
        Assert.False((await SendAsync("/health")).Headers.Contains("Strict-Transport-Security"));

    [Theory]
    [InlineData("127.0.0.1", null, false)]
    [InlineData("::1", null, false)]
    [InlineData("0.0.0.0", null, true)]
    [InlineData("192.0.2.2", null, true)]
    [InlineData("::", null, true)]
    [InlineData("127.0.0.1", "weft.example.org", true)]
    public void Tokens_AreRequired_WhereOthersReachTheCoordinator(string host, string? name, bool requires)
    {
        var options = Options(host, name);
        AccessSettings.Complete(options);
        Assert.Equal(requires ? AccessMode.Tokens : AccessMode.Open, options.Access);

        var open = Options(host, name);
        open.Open = true;
        AccessSettings.Complete(open);
        Assert.Equal(AccessMode.Open, open.Access);

        var byHabit = Options(host, name);
        byHabit.Access = AccessMode.Open;
        if (requires)
            Assert.Contains("--open", Assert.Throws<CommandFailure>(() => AccessSettings.Complete(byHabit)).Message,
                StringComparison.Ordinal);
        else AccessSettings.Complete(byHabit);
    }

    [Fact]
    public void ATrustedProxy_MeansThatOthersReachTheCoordinator()
    {
        var options = new ServeOptions { Network = new() { TrustedProxies = [IPNetwork.Parse("127.0.0.1/32")] } };
        AccessSettings.Complete(options);
        Assert.Equal(AccessMode.Tokens, options.Access);
    }

    [Fact]
    public void OpenAndTokens_ContradictEachOther() =>
        Assert.Throws<CommandFailure>(() => AccessSettings.Complete(new() { Open = true, Access = AccessMode.Tokens }));

    private static ServeOptions Options(string host, string? name) =>
        new() { Host = host, Network = new() { PublicNames = name is null ? [] : [name] } };

    private async Task<ApiAnswer> SendAsync(string path, string? host = null, string? origin = null)
    {
        using var http = new HttpClient { BaseAddress = server.Url };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (host is not null) request.Headers.Host = host;
        if (origin is not null) request.Headers.Add("Origin", origin);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return new((int)response.StatusCode,
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), response.Headers,
            response.Content.Headers);
    }
}
