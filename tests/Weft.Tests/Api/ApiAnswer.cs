using System.Net.Http.Headers;
using System.Text.Json;

namespace Weft.Tests.Api;

/// <summary>An answer as a client sees it.</summary>
internal sealed record ApiAnswer(int Status, string Text, HttpResponseHeaders Headers,
    HttpContentHeaders ContentHeaders)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    /// <summary>Fails unless this is a problem of that status and code, as RFC 9457 wants it.</summary>
    public string Refused(int status, string code)
    {
        Assert.Equal((status, "application/problem+json"), (Status, ContentHeaders.ContentType?.MediaType));
        Assert.Equal((status, code), (Json.GetProperty("status").GetInt32(), Json.GetProperty("code").GetString()));
        Assert.NotEmpty(Json.GetProperty("title").GetString()!);
        Assert.Equal($"urn:weft:problem:{code}", Json.GetProperty("type").GetString());
        return Json.GetProperty("detail").GetString()!;
    }

    /// <summary>Fails unless this is that success.</summary>
    public JsonElement Accepted(int status = 200)
    {
        Assert.True(Status == status, $"{Status} instead of {status}: {Text}");
        return Json;
    }
}
