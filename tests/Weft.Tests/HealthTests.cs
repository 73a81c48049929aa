using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Weft.Core.Storage;
using Weft.Http;

namespace Weft.Tests;

public sealed class HealthTests
{
    [Fact]
    public async Task StoreThatTakesChanges_IsReady() =>
        Assert.Equal((200, """{"status":"ready"}""", null), await GetAsync("/health/ready", null));

    [Fact]
    public async Task StoreInTrouble_IsNotReady_AndSaysWhy()
    {
        var (status, text, retryAfter) =
            await GetAsync("/health/ready", new(StoreErrorKind.Full, "There is no \"room\"."));
        Assert.Equal(503, status);
        Assert.Equal("unready",
            System.Text.Json.JsonDocument.Parse(text).RootElement.GetProperty("status").GetString());
        Assert.Equal("There is no \"room\".",
            System.Text.Json.JsonDocument.Parse(text).RootElement.GetProperty("reason").GetString());
        Assert.Equal("5", retryAfter);
    }

    [Fact]
    public async Task StoreInTrouble_IsLive_SinceARestartWouldNotHelp() =>
        Assert.Equal((200, """{"status":"live"}""", null),
            await GetAsync("/health/live", new(StoreErrorKind.Full, "The coordinator's disk is full.")));

    private static async Task<(int Status, string Text, string? RetryAfter)> GetAsync(string path,
        StoreException? trouble)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var app = builder.Build();
        new HealthEndpoints(new Store(trouble), app.Services.GetRequiredService<IHostApplicationLifetime>()).Map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = new(app.Urls.Single()) };
        using var response = await http.GetAsync(path, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode,
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            response.Headers.RetryAfter?.ToString());
    }

    private sealed class Store(StoreException? trouble) : IStoreHealth
    {
        public Task<StoreException?> CheckHealthAsync() => Task.FromResult(trouble);
    }
}
