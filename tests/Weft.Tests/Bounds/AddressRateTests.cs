using System.Net;
using Weft.Serve;
using Weft.Tests.Access;

namespace Weft.Tests.Bounds;

/// <summary>The rate of an address counts all of its requests, whatever they are answered.</summary>
public sealed class AddressRateTests(AddressRateTests.Server server) : IClassFixture<AddressRateTests.Server>
{
    // At one a second, they would have to take as many seconds not to exceed the rate.
    private const int Requests = 30;

    public sealed class Server : AccessServer
    {
        protected override ServeOptions Options => new()
        {
            Bounds = { RequestsPerAddress = 1 },
            Network = { TrustedProxies = [IPNetwork.Parse("127.0.0.0/8")] },
        };
    }

    [Theory]
    [InlineData("203.0.113.1", "OPTIONS", "/stats", "", "")]
    [InlineData("203.0.113.2", "OPTIONS", "/api/v1/stats", "", "")]
    [InlineData("203.0.113.3", "GET", "/stats", "Host", "elsewhere.example")]
    [InlineData("203.0.113.4", "GET", "/api/v1/queues", "Sec-Fetch-Site", "cross-site")]
    [InlineData("203.0.113.5", "GET", "/api/v1/queues", "", "")]
    public async Task PastTheRate_NothingElseIsAnswered(string address, string method, string path, string name,
        string value)
    {
        using var http = new HttpClient { BaseAddress = server.Url };
        for (var i = 0; i < Requests; i++)
        {
            using var request = new HttpRequestMessage(new(method), path);
            request.Headers.Add("X-Forwarded-For", address);
            if (name.Length > 0) request.Headers.Add(name, value);
            using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
            if (response.StatusCode != HttpStatusCode.TooManyRequests) continue;
            Assert.NotNull(response.Headers.RetryAfter);
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("same-origin", Assert.Single(response.Headers.GetValues("Cross-Origin-Opener-Policy")));
            return;
        }

        Assert.Fail($"All of {Requests} requests were answered.");
    }
}
