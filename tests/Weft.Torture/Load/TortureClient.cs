using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Weft.Torture.Histories;

namespace Weft.Torture.Load;

/// <summary>One client's connection. It never repeats a request by itself: that is the caller's decision, and is written down.</summary>
internal sealed class TortureClient : IDisposable
{
    // Longer than any freeze: who gives up before the coordinator thaws has an unknown outcome for no good reason.
    private static readonly TimeSpan AnswerTimeMax = TimeSpan.FromSeconds(15);

    private readonly HttpClient _http;

    public TortureClient(Uri address) => _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 64, UseProxy = false }) { BaseAddress = address, Timeout = AnswerTimeMax };

    public Task<Answer> GetAsync(string path) => SendAsync(new(HttpMethod.Get, path));

    public Task<Answer> PostAsync(string path, string body, string? key = null)
    {
        // With a body, even an empty one: a request without is repeated by the handler where the connection breaks.
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return SendAsync(request);
    }

    public void Dispose() => _http.Dispose();

    private async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            try
            {
                using var response = await _http.SendAsync(request);
                var text = await response.Content.ReadAsStringAsync();
                return new(OutcomeOf(response.StatusCode, text), (int)response.StatusCode, Parse(text));
            }
            catch (Exception exception) when (exception is SocketException or HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError })
            {
                // No connection, so nothing was sent. (The handler lets a socket's own exception through when a connection breaks as soon as it is made.)
                return new(Outcome.Fail, 0, default);
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or IOException)
            {
                return new(Outcome.Unknown, 0, default);
            }
        }
    }

    private static Outcome OutcomeOf(HttpStatusCode status, string text) => (int)status switch
    {
        >= 200 and < 300 => Outcome.Ok,
        // The batch may be on disk although its sync failed.
        503 when text.Contains("not available", StringComparison.Ordinal) => Outcome.Unknown,
        500 or 502 or 504 => Outcome.Unknown,
        _ => Outcome.Fail,
    };

    private static JsonElement Parse(string text)
    {
        if (text.Length == 0) return default;
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
