using Microsoft.AspNetCore.Http;
using Weft.Http.Access;

namespace Weft.Tests.Access;

/// <summary>What browsers say of where a request comes from, and what becomes of it.</summary>
public sealed class OriginsTests
{
    private static readonly Origins Default = new([], ["weft.example.org"]);
    private static readonly Origins Listing = new(["https://dash.example"], []);
    private static readonly Origins Open = new(["*"], []);

    [Theory]
    [InlineData(null, null, true)]
    [InlineData("same-origin", null, true)]
    [InlineData("same-origin", "http://localhost:8080", true)]
    [InlineData("same-origin", "null", true)]
    [InlineData("none", null, true)]
    [InlineData("cross-site", null, false)]
    [InlineData("cross-site", "https://evil.example", false)]
    [InlineData("cross-site", "http://localhost:8080", false)]
    [InlineData("cross-site", "null", false)]
    [InlineData("same-site", null, false)]
    [InlineData("same-site", "http://localhost:3000", false)]
    [InlineData("", null, false)]
    [InlineData("anything", null, false)]
    [InlineData(null, "http://localhost:8080", true)]
    [InlineData(null, "http://LOCALHOST:8080", true)]
    [InlineData(null, "https://localhost:8080", true)]
    [InlineData(null, "http://localhost:3000", false)]
    [InlineData(null, "http://localhost", false)]
    [InlineData(null, "http://127.0.0.1:8080", false)]
    [InlineData(null, "https://evil.example", false)]
    [InlineData(null, "https://localhost:8080.evil.example", false)]
    [InlineData(null, "https://weft.example.org", true)]
    [InlineData(null, "https://weft.example.org.evil.example", false)]
    [InlineData(null, "https://evil-weft.example.org", false)]
    [InlineData(null, "null", false)]
    [InlineData(null, "", false)]
    [InlineData(null, "file://", false)]
    [InlineData(null, "chrome-extension://abc", false)]
    public void ARequestOfThisPage_MayUseTheApi(string? site, string? origin, bool may) =>
        Assert.Equal(may, Default.Admit(Request(site, origin)));

    [Theory]
    [InlineData("http://192.0.2.2", "192.0.2.2:80", true)]
    [InlineData("https://192.0.2.2", "192.0.2.2:443", true)]
    [InlineData("http://192.0.2.2:8080", "192.0.2.2", false)]
    public void APortThatGoesWithoutSaying_MayBeSaid(string origin, string host, bool may) =>
        Assert.Equal(may, Default.Admit(Request(null, origin, host)));

    [Theory]
    [InlineData("cross-site", "https://dash.example", true, "https://dash.example")]
    [InlineData(null, "https://dash.example", true, "https://dash.example")]
    [InlineData("cross-site", "https://evil.example", false, null)]
    [InlineData("cross-site", null, false, null)]
    [InlineData("same-origin", null, true, null)]
    public void AnOriginThatIsListed_MayUseTheApi_AndReadItsAnswers(string? site, string? origin, bool may,
        string? allowed)
    {
        Assert.Equal((may, allowed), (Listing.Admit(Request(site, origin)), Listing.AllowedOf(Request(site, origin))));
        Assert.True(Open.Admit(Request(site, origin)));
        Assert.Equal("*", Open.AllowedOf(Request(site, origin)));
        Assert.Null(Default.AllowedOf(Request(site, origin)));
    }

    [Fact]
    public void TwoAnswersToWhereItComesFrom_AreNone()
    {
        var request = Request(null, null);
        request.Headers["Sec-Fetch-Site"] = new(["same-origin", "cross-site"]);
        Assert.False(Default.Admit(request));
    }

    private static HttpRequest Request(string? site, string? origin, string host = "localhost:8080")
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.Host = host;
        if (site is not null) request.Headers["Sec-Fetch-Site"] = site;
        if (origin is not null) request.Headers.Origin = origin;
        return request;
    }
}
