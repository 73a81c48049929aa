using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Weft.Torture.Targets;

/// <summary>
/// A proxy as they are on bad days: now and then it answers by a page of its own, cuts an answer short or says nothing
/// at all, before it has handed the request on or after. It never makes up an answer of Weft's, so what it hides is
/// unknown, never wrong.
/// </summary>
internal sealed class LyingFront : IAsyncDisposable
{
    private const int LiesPerThousand = 30;
    private const string Page = "<!doctype html><title>Front</title><p>The page of a proxy, whatever was asked.";

    private static readonly int[] PageStatuses = [200, 403, 404, 413, 429, 500, 502, 503];
    private static readonly TimeSpan SilenceTime = TimeSpan.FromMilliseconds(300);
    private static readonly string[] PassedOn = ["Authorization", "Idempotency-Key"];

    private readonly WebApplication _app;
    private readonly HttpClient _http;
    private readonly Random _random;
    private volatile bool _isHonest;
    private int _lies;

    private LyingFront(Uri target, Random random)
    {
        _random = random;
        _http = new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 64 }) { BaseAddress = target };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(HandleAsync);
    }

    private enum Lie
    {
        None,
        PageBefore,
        PageAfter,
        CutShort,
        SilenceBefore,
        SilenceAfter,
    }

    public Uri Address => new(_app.Urls.Single());

    /// <summary>How often it lied.</summary>
    public int Lies => _lies;

    public static async Task<LyingFront> StartAsync(Uri target, Random random)
    {
        var front = new LyingFront(target, random);
        await front._app.StartAsync();
        return front;
    }

    /// <summary>From now on it only passes on: the load is over, and everything is read for judgement.</summary>
    public void BeHonest() => _isHonest = true;

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var (lie, status) = Choose();
        if (lie is Lie.PageBefore or Lie.SilenceBefore)
        {
            await HideAsync(context, lie, status);
            return;
        }

        try
        {
            using var response = await PassOnAsync(context.Request);
            var body = await response.Content.ReadAsByteArrayAsync();
            if (lie is Lie.PageAfter or Lie.SilenceAfter)
            {
                await HideAsync(context, lie, status);
                return;
            }

            context.Response.StatusCode = (int)response.StatusCode;
            context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
            if (response.Headers.RetryAfter is { } pause) context.Response.Headers.RetryAfter = pause.ToString();
            if (body.Length == 0) return;
            context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(lie == Lie.CutShort ? body.AsMemory(0, body.Length / 2) : body);
            if (lie == Lie.CutShort) context.Abort();
        }
        catch (HttpRequestException)
        {
            await HideAsync(context, Lie.PageAfter, StatusCodes.Status502BadGateway);
        }
    }

    private (Lie Lie, int Status) Choose()
    {
        if (_isHonest) return default;
        lock (_random)
        {
            if (_random.Next(1_000) >= LiesPerThousand) return default;
            _lies++;
            return ((Lie)_random.Next(1, 6), PageStatuses[_random.Next(PageStatuses.Length)]);
        }
    }

    private static async Task HideAsync(HttpContext context, Lie lie, int status)
    {
        if (lie is Lie.SilenceBefore or Lie.SilenceAfter)
        {
            await Task.Delay(SilenceTime, TimeProvider.System);
            context.Abort();
            return;
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html";
        await context.Response.WriteAsync(Page);
    }

    private async Task<HttpResponseMessage> PassOnAsync(HttpRequest asked)
    {
        using var request = new HttpRequestMessage(new(asked.Method), asked.Path + asked.QueryString);
        if (asked.Method != "GET")
        {
            using var body = new MemoryStream();
            await asked.Body.CopyToAsync(body);
            request.Content =
                new ByteArrayContent(body.ToArray()) { Headers = { ContentType = new("application/json") } };
        }

        foreach (var name in PassedOn)
            if (asked.Headers.TryGetValue(name, out var value))
                request.Headers.TryAddWithoutValidation(name, value.ToString());
        return await _http.SendAsync(request);
    }
}
