using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Weft.Core.Storage;
using Weft.Http.Pipeline;

namespace Weft.Tests.Api;

public sealed class TroubleTests
{
    [Theory]
    [InlineData(StoreErrorKind.Overloaded, 503, "overloaded", "1")]
    [InlineData(StoreErrorKind.Unavailable, 503, "store_unavailable", "1")]
    [InlineData(StoreErrorKind.Unknown, 503, "outcome_unknown", "1")]
    [InlineData(StoreErrorKind.Full, 507, "store_full", "30")]
    public async Task StoreInTrouble_IsAProblemThatSaysWhenToTryAgain(StoreErrorKind trouble, int status, string code,
        string retryAfter)
    {
        var answer = await GetAsync("api/v1/any", new StoreException(trouble, "secret words"));
        answer.Refused(status, code);
        Assert.Equal(retryAfter, answer.Headers.RetryAfter?.ToString());
        Assert.DoesNotContain("secret", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bug_IsAProblemThatTellsNothingOfTheInside()
    {
        var answer = await GetAsync("api/v1/any", new InvalidOperationException("secret words"));
        answer.Refused(500, "internal_error");
        Assert.DoesNotContain("secret", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StoreInTrouble_OnAnOldPath_KeepsItsOldForm()
    {
        var answer = await GetAsync("task/next", new StoreException(StoreErrorKind.Overloaded, "busy"));
        Assert.Equal(503, answer.Status);
        Assert.Equal(JsonValueKind.String, answer.Json.GetProperty("error").ValueKind);
    }

    private static async Task<ApiAnswer> GetAsync(string path, Exception thrown)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var app = builder.Build();
        app.UseWeftRequestErrors();
        app.Run(_ => throw thrown);
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = new(app.Urls.Single()) };
        using var response = await http.GetAsync(path, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new((int)response.StatusCode, text, response.Headers, response.Content.Headers);
    }
}
