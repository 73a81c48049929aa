using System.Net.Sockets;
using System.Text;
using Weft.Tests.Api;

namespace Weft.Tests.Access;

/// <summary>
/// A page of another origin and an open coordinator: the API isn't there for it, the frozen surface is.
/// </summary>
public sealed class CrossSiteTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Theory]
    [InlineData("GET", "/api/v1/tasks")]
    [InlineData("GET", "/API/v1/queues")]
    [InlineData("HEAD", "/api/v1/workers")]
    [InlineData("POST", "/api/v1/tokens")]
    [InlineData("POST", "/api/v1/queues/default/purge")]
    [InlineData("DELETE", "/api/v1/tokens/1")]
    [InlineData("GET", "/api/nothing")]
    public async Task TheApi_IsNotThere_ForAPageOfAnotherSite(string method, string path)
    {
        using var answer = await SendAsync(method, path, """{"scopes":["admin"]}""", ("Sec-Fetch-Site", "cross-site"));
        Assert.Equal(403, (int)answer.StatusCode);
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
        if (method != "HEAD") Assert.Contains("\"cross_site\"", await TextAsync(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFormThatPostsJsonAsText_ChangesNothing()
    {
        var queue = ApiServer.NewQueue();
        foreach (var type in new[] { "text/plain", "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x" })
        {
            // Over plain http, browsers say the origin of a form alone.
            using var answer = await SendAsync("POST", "/api/v1/tasks", $$"""{"queue":"{{queue}}","payload":"="}""",
                ("Origin", "http://evil.example"), ("Content-Type", type));
            Assert.Equal(403, (int)answer.StatusCode);
        }

        Assert.Equal(0,
            (await server.GetAsync($"tasks?queue={queue}")).Accepted().GetProperty("tasks").GetArrayLength());
    }

    [Fact]
    public async Task APreflight_OfAPageOfAnotherSite_LearnsThatItMayNot()
    {
        using var answer = await SendAsync("OPTIONS", "/api/v1/tokens", null, ("Origin", "https://evil.example"),
            ("Access-Control-Request-Method", "POST"));
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("GET", "/health")]
    [InlineData("GET", "/health/ready")]
    [InlineData("GET", "/stats")]
    [InlineData("GET", "/result/999999")]
    [InlineData("OPTIONS", "/task")]
    [InlineData("GET", "/openapi/v1.json")]
    [InlineData("GET", "/nothing")]
    public async Task TheFrozenSurface_AndFiles_AreForPagesOfAllSites(string method, string path)
    {
        using var answer =
            await SendAsync(method, path, null, ("Sec-Fetch-Site", "cross-site"), ("Origin", "https://old.example"));
        Assert.NotEqual(403, (int)answer.StatusCode);
        Assert.Equal("*", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
    }

    [Fact]
    public async Task OurOwnPages_AndPrograms_UseTheApi()
    {
        using var page = await SendAsync("GET", "/api/v1/queues", null, ("Sec-Fetch-Site", "same-origin"));
        using var oldPage =
            await SendAsync("POST", "/api/v1/groups", null, ("Origin", server.Url.GetLeftPart(UriPartial.Authority)));
        using var program = await SendAsync("GET", "/api/v1/queues", null);
        Assert.Equal((200, 201, 200), ((int)page.StatusCode, (int)oldPage.StatusCode, (int)program.StatusCode));
    }

    [Fact]
    public async Task TheRefusal_DoesNotWaitForTheBody()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Url.Host, server.Url.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes("POST /api/v1/tasks/batch HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: " +
                "cross-site\r\nContent-Length: 1000000\r\n\r\n"), TestContext.Current.CancellationToken);
        var line = await new StreamReader(stream).ReadLineAsync(TestContext.Current.CancellationToken);
        Assert.Equal("HTTP/1.1 403 Forbidden", line);
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string path, string? json,
        params (string Name, string Value)[] headers)
    {
        using var http = new HttpClient { BaseAddress = server.Url };
        using var request = new HttpRequestMessage(new(method), path);
        if (json is not null && method == "POST") request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(json));
        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content!.Headers.TryAddWithoutValidation(name, value);
        }

        return await http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static Task<string> TextAsync(HttpResponseMessage answer) =>
        answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
