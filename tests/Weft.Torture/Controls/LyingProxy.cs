using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Weft.Torture.Controls;

internal enum Lie
{
    /// <summary>Whatever token a complete carries, the coordinator gets the newest: as if it didn't look.</summary>
    FencingOff,

    /// <summary>A complete is answered before it is handed on: as if the answer didn't wait for the commit.</summary>
    AcknowledgeFirst,

    /// <summary>A push is answered, and never handed on.</summary>
    ForgetPush,

    /// <summary>
    /// Tasks come to the coordinator as if hardly anybody lied: as if its coin nearly always let an answer pass.
    /// </summary>
    CheckNothing,

    /// <summary>Nobody hears of a correction: as if no audit found anything.</summary>
    HideCorrections,
}

/// <summary>
/// Makes of a sound coordinator a broken one, seen from its clients. The product has no switch for that, and so none
/// that somebody could use.
/// </summary>
internal sealed partial class LyingProxy : IAsyncDisposable
{
    private static readonly TimeSpan HandOnAfter = TimeSpan.FromMilliseconds(50);

    private readonly WebApplication _app;
    private readonly HttpClient _http;
    private readonly Lie _lie;
    private readonly ConcurrentDictionary<string, string> _newest = new();

    private LyingProxy(Uri target, Lie lie)
    {
        _lie = lie;
        _http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = target };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(HandleAsync);
    }

    public Uri Address => new(_app.Urls.Single());

    public static async Task<LyingProxy> StartAsync(Uri target, Lie lie)
    {
        var proxy = new LyingProxy(target, lie);
        await proxy._app.StartAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        var isComplete = context.Request.Path.Value!.EndsWith("/complete", StringComparison.Ordinal);
        if (isComplete && _lie == Lie.AcknowledgeFirst)
        {
            _ = HandOnLaterAsync(context.Request.Method, context.Request.Path + context.Request.QueryString, body);
            await context.Response.WriteAsync("{}");
            return;
        }

        if (_lie == Lie.ForgetPush && context.Request.Path.StartsWithSegments("/api/v1/blobs", out var hash)
            && HttpMethods.IsPut(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status201Created;
            await context.Response.WriteAsync($"{{\"sha256\":\"{hash.Value![1..]}\"}}");
            return;
        }

        if (_lie == Lie.CheckNothing) body = AssumedHostile().Replace(body, "\"assumeHostile\":0.001");
        if (isComplete && _lie == Lie.FencingOff)
            body = WithNewestToken(context.Request.Path.Value.Split('/')[^2], body);
        try
        {
            using var response = await SendAsync(context.Request.Method,
                context.Request.Path + context.Request.QueryString, body, context.Request.Headers["Idempotency-Key"],
                context.Request.Headers["X-Weft-Lease"],
                // The others' coordinators trust no proxy.
                _lie is Lie.CheckNothing or Lie.HideCorrections ? context.Request.Headers["X-Forwarded-For"] : "");
            var text = await response.Content.ReadAsStringAsync();
            if (_lie == Lie.HideCorrections) text = text.Replace("\"corrections\":", "\"nothing\":");
            if (context.Request.Path.Value.EndsWith("/claim", StringComparison.Ordinal) && response.IsSuccessStatusCode)
                Remember(text);
            context.Response.StatusCode = (int)response.StatusCode;
            if (text.Length > 0) await context.Response.WriteAsync(text);
        }
        catch (HttpRequestException)
        {
            context.Abort();
        }
    }

    private async Task HandOnLaterAsync(string method, string path, string body)
    {
        try
        {
            await Task.Delay(HandOnAfter, TimeProvider.System);
            using var response = await SendAsync(method, path, body, null);
        }
        catch (HttpRequestException)
        {
            // The coordinator is gone, and with it what was acknowledged: that is the lie.
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        string method, string path, string body, string? key, string? lease = null, string? address = null)
    {
        using var request = new HttpRequestMessage(new(method), path)
            { Content = method == "GET" ? null
                : new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
        if (!string.IsNullOrEmpty(key)) request.Headers.Add("Idempotency-Key", key);
        if (!string.IsNullOrEmpty(address)) request.Headers.Add("X-Forwarded-For", address);
        if (!string.IsNullOrEmpty(lease)) request.Headers.Add("X-Weft-Lease", lease);
        return await _http.SendAsync(request);
    }

    [GeneratedRegex("\"assumeHostile\":[0-9.]+")]
    private static partial Regex AssumedHostile();

    private void Remember(string claims)
    {
        using var json = JsonDocument.Parse(claims);
        foreach (var task in json.RootElement.GetProperty("tasks").EnumerateArray())
            _newest[task.GetProperty("id").GetRawText()] = task.GetProperty("leaseToken").GetString()!;
    }

    private string WithNewestToken(string id, string body)
    {
        if (!_newest.TryGetValue(id, out var token)) return body;
        var json = JsonNode.Parse(body)!;
        json["leaseToken"] = token;
        return json.ToJsonString(new()
            { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}
