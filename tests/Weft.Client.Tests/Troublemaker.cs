using System.Net;

namespace Weft.Client.Tests;

/// <summary>The way to the coordinator, with trouble on it. Counts what was sent.</summary>
internal sealed class Troublemaker : DelegatingHandler
{
    private int _losses;
    private int _refusals;
    private int _sent;

    /// <summary>Requests that were tried, whatever came of them.</summary>
    public int Sent => Volatile.Read(ref _sent);

    /// <summary>What a refusal on the way says in <c>Retry-After</c>.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Which bodies are answered as by a coordinator that can't read them, and do nothing.</summary>
    public Func<string, bool> Refuses { get; init; } = static _ => false;

    /// <summary>The coordinator does so many requests, and nobody hears its answers.</summary>
    public Troublemaker LoseAnswers(int count)
    {
        _losses = count;
        return this;
    }

    /// <summary>So many requests are answered 503 as by a coordinator that is overloaded, and do nothing.</summary>
    public Troublemaker Refuse(int count)
    {
        _refusals = count;
        return this;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request,
        CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _sent);
        if (Interlocked.Decrement(ref _refusals) >= 0) return Overloaded();
        if (request.Content is { } content && Refuses(await content.ReadAsStringAsync(cancellationToken)))
        {
            return Problem(HttpStatusCode.BadRequest, "invalid_request", "An object has an unknown member.");
        }
        var answer = await base.SendAsync(request, cancellationToken);
        if (Interlocked.Decrement(ref _losses) < 0) return answer;
        answer.Dispose();
        throw new HttpRequestException("The answer was lost");
    }

    private HttpResponseMessage Overloaded()
    {
        var answer = Problem(HttpStatusCode.ServiceUnavailable, "overloaded", "Try again.");
        if (RetryAfter is { } wait) answer.Headers.RetryAfter = new(wait);
        return answer;
    }

    private static HttpResponseMessage Problem(HttpStatusCode status, string code, string detail) => new(status)
    {
        Content = new StringContent(
            $$"""{"type":"urn:weft:problem:{{code}}","title":"Trouble","status":{{(int)status}},"code":"{{code}}","detail":"{{detail}}"}""", System.Text.Encoding.UTF8, "application/problem+json"),
    };
}
