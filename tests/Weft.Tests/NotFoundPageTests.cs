using Weft.Tests.Api;

namespace Weft.Tests;

public sealed class NotFoundPageTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const string Browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    [Theory]
    [InlineData("/no-such-page", Browser, "text/html")]
    [InlineData("/deep/er/", Browser, "text/html")]
    [InlineData("/no-such-page", "*/*", "application/json")]
    [InlineData("/no-such-page", null, "application/json")]
    [InlineData("/api/v1/nothing", Browser, "application/problem+json")]
    [InlineData("/result/999999", Browser, "application/json")]
    public async Task WhereThereIsNothing_PeopleGetAPage_AndProgramsJson(string path, string? accept, string type)
    {
        using var http = new HttpClient { BaseAddress = server.Url };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accept is not null) request.Headers.TryAddWithoutValidation("Accept", accept);
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal((404, type), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        if (type != "text/html") return;
        Assert.Contains("""<a href="/">""", text, StringComparison.Ordinal);
        // Nothing of the address is repeated in it.
        Assert.DoesNotContain("no-such", text, StringComparison.Ordinal);
        Assert.True(answer.Headers.Contains("Content-Security-Policy"));
    }
}
