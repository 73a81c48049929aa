using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Weft.Torture.Histories;

namespace Weft.Torture.Load;

/// <summary>
/// One client. It never repeats a request by itself: that is the caller's decision, and is written down. Of several
/// coordinators it stays with one until that is gone, or wanders from one to the other with each request.
/// </summary>
internal sealed class TortureClient : IDisposable
{
    // Longer than any freeze: who gives up before the coordinator thaws has an unknown outcome for no good reason.
    private static readonly TimeSpan AnswerTimeMax = TimeSpan.FromSeconds(15);

    private static readonly JsonDocumentOptions AnyDepth = new() { MaxDepth = 10_000 };

    private static readonly TimeSpan PauseWhenUnavailable = TimeSpan.FromMilliseconds(20);

    private readonly HttpClient _http =
        new(new SocketsHttpHandler { MaxConnectionsPerServer = 64, UseProxy = false }) { Timeout = AnswerTimeMax };
    private readonly Surface _surface;
    private readonly bool _wanders;
    private int _at;

    public TortureClient(Surface surface, int number = 0)
    {
        _surface = surface;
        if (surface.Token is { } token) _http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        _wanders = number % 2 == 1;
        _at = number;
    }

    /// <summary>What a trusted proxy would say of where the next requests come from; null for nothing.</summary>
    public string? ForwardedFor { get; set; }

    /// <summary>Somebody else may answer when one is gone.</summary>
    public bool HasOthers => _surface.Addresses.Count > 1;

    public Task<Answer> GetAsync(string path) => SendAsync(new(HttpMethod.Get, new Uri(path, UriKind.Relative)));

    /// <summary>What comes back, as it is; nothing where nothing did.</summary>
    public Task<string> GetTextAsync(string path) => _http.GetStringAsync(new Uri(_surface.Addresses[0], path));

    public Task<Answer> PostAsync(string path, string body, string? key = null)
    {
        // With a body, even an empty one: a request without is repeated by the handler where the connection breaks.
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative))
            { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return SendAsync(request);
    }

    /// <summary>Sends bytes that are text, since a blob here is a JSON string.</summary>
    public Task<Answer> PutAsync(string path, string body, string? lease = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, new Uri(path, UriKind.Relative))
            { Content = new StringContent(body, Encoding.UTF8, "application/octet-stream") };
        if (lease is not null) request.Headers.Add("X-Weft-Lease", lease);
        return SendAsync(request);
    }

    public void Dispose() => _http.Dispose();

    private async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        var start = TimeProvider.System.GetTimestamp();
        using (request)
        {
            try
            {
                if (_wanders) _at++;
                if (ForwardedFor is { } address) request.Headers.Add("X-Forwarded-For", address);
                request.RequestUri = new(_surface.Addresses[_at % _surface.Addresses.Count], request.RequestUri!);
                using var response = await _http.SendAsync(request);
                var text = await response.Content.ReadAsStringAsync();
                _surface.Watch?.See($"{request.Method} {request.RequestUri.AbsolutePath}", response.StatusCode,
                    TimeProvider.System.GetElapsedTime(start), response.Headers.RetryAfter is not null);
                // As an answer of 503, or of 429, asks for; only shorter.
                if (response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests)
                    await Task.Delay(PauseWhenUnavailable, TimeProvider.System);
                // A page says nothing about what became of the request, whatever its status.
                if (response.Content.Headers.ContentType?.MediaType == "text/html")
                {
                    await Task.Delay(PauseWhenUnavailable, TimeProvider.System);
                    return new(Outcome.Unknown, Answer.NotIts, default);
                }

                return new(OutcomeOf(response.StatusCode, text), (int)response.StatusCode, Parse(text));
            }
            catch (Exception exception)
                when (exception is SocketException
                    or HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError })
            {
                // No connection, so nothing was sent. (The handler lets a socket's own exception through when a
                // connection breaks as soon as it is made.)
                _at++;
                return new(Outcome.Fail, 0, default);
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or IOException)
            {
                if (exception is TaskCanceledException)
                    _surface.Watch?.Miss($"{request.Method} {request.RequestUri!.AbsolutePath}",
                        TimeProvider.System.GetElapsedTime(start));
                _at++;
                return new(Outcome.Unknown, _surface.IsFronted ? Answer.NotIts : 0, default);
            }
        }
    }

    private Outcome OutcomeOf(HttpStatusCode status, string text) => (int)status switch
    {
        >= 200 and < 300 => Outcome.Ok,
        503 when text.Contains("outcome_unknown", StringComparison.Ordinal)
            || text.Contains("Outcome unknown", StringComparison.Ordinal) => Outcome.Unknown,
        // The batch may be on disk although its sync failed.
        503 when !_surface.UnavailableIsRefused && text.Contains("not available", StringComparison.Ordinal) =>
            Outcome.Unknown,
        500 or 502 or 504 => Outcome.Unknown,
        _ => Outcome.Fail,
    };

    private static JsonElement Parse(string text)
    {
        if (text.Length == 0) return default;
        using var document = JsonDocument.Parse(text, AnyDepth);
        return document.RootElement.Clone();
    }
}
