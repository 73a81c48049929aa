using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Weft.Core;
using Weft.Core.Webhooks;

namespace Weft.Background;

/// <summary>
/// Posts one message, signed by Standard Webhooks 1.0.0. The address and the receiver are untrusted: the address is
/// checked on connecting, after its name was resolved; no redirect is followed, no proxy used, and only the status of
/// the response counts.
/// </summary>
internal sealed class WebhookSender : IWebhookSender, IDisposable
{
    private const int AnswerHeadersKb = 16;
    private const int AnswerBytesMax = 1 << 10;

    // Resolve a name that has moved again soon.
    private static readonly TimeSpan ConnectionTimeMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AnswerTimeMax = TimeSpan.FromSeconds(1);

    private readonly WebhookOptions _options;
    private readonly WebhookAddresses _addresses;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    public WebhookSender(WebhookOptions options, TimeProvider time)
    {
        (_options, _time, _addresses) = (options, time, new(options.AllowedNetworks));
        _http = new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            // The receiver is not part of the trace of the background work that sends.
            ActivityHeadersPropagator = null,
            ConnectCallback = ConnectAsync,
            MaxConnectionsPerServer = Limits.WebhookSendsMax,
            MaxResponseHeadersLength = AnswerHeadersKb,
            MaxResponseDrainSize = AnswerBytesMax,
            ResponseDrainTimeout = AnswerTimeMax,
            PooledConnectionLifetime = ConnectionTimeMax,
        })
        {
            Timeout = Limits.WebhookTimeMax,
        };
    }

    public string? FindRefusal(Uri url)
    {
        if (url.Scheme != Uri.UriSchemeHttps && !(url.Scheme == Uri.UriSchemeHttp && _options.AllowHttp))
        {
            return "A webhook's url must be https, unless the coordinator was started with --webhook-http.";
        }

        // A name may resolve to another address when a message is sent, and is checked then.
        var address = url.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6
            ? IPAddress.Parse(url.IdnHost)
            : url.IsLoopback ? IPAddress.Loopback : null;
        return address is null || _addresses.Allows(address)
            ? null
            : "The address is not on the public internet; to allow it, start the coordinator with --webhook-allow and "
                + "its network.";
    }

    public async Task<WebhookAnswer> SendAsync(
        StoredWebhook webhook, string messageId, string body, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var (error, status, retryAfter) = await TrySendAsync(webhook, messageId, body, cancellationToken);
        return new(error, status, retryAfter, _time.GetElapsedTime(started));
    }

    public void Dispose() => _http.Dispose();

    private async Task<(string? Error, int? Status, TimeSpan? RetryAfter)> TrySendAsync(
        StoredWebhook webhook, string messageId, string body, CancellationToken cancellationToken)
    {
        // The settings may have changed since it was registered.
        if (FindRefusal(new(webhook.Order.Url)) is { } refusal) return (refusal, null, null);
        try
        {
            using var request = Sign(webhook, messageId, body);
            using var response = await _http.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var status = (int)response.StatusCode;
            var error = response.IsSuccessStatusCode ? null : $"The receiver answered {status}.";
            return (error, status, RetryAfterOf(response.Headers.RetryAfter));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ($"The receiver did not answer within {Limits.WebhookTimeMax.TotalSeconds} s.", null, null);
        }
        catch (HttpRequestException exception)
        {
            return (Explain(exception), null, null);
        }
    }

    private HttpRequestMessage Sign(StoredWebhook webhook, string messageId, string body)
    {
        var now = _time.GetUtcNow();
        var request = new HttpRequestMessage(HttpMethod.Post, webhook.Order.Url)
        {
            Content = new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse("application/json")),
        };
        request.Headers.UserAgent.ParseAdd($"weft/{WeftVersion.Text}");
        request.Headers.Add("webhook-id", messageId);
        request.Headers.Add("webhook-timestamp", WebhookSecret.TimestampOf(now));
        request.Headers.Add("webhook-signature", WebhookSecret.Sign(webhook, messageId, now, body));
        return request;
    }

    private TimeSpan? RetryAfterOf(RetryConditionHeaderValue? header)
    {
        var asked = header?.Delta ?? header?.Date - _time.GetUtcNow();
        return asked > TimeSpan.Zero ? asked : null;
    }

    /// <summary>
    /// Connects to one of the name's addresses, if all of them are allowed. Only these resolved addresses count, not
    /// earlier or later lookups.
    /// </summary>
    private async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var name = context.DnsEndPoint.Host;
        var addresses = await Dns.GetHostAddressesAsync(name, cancellationToken);
        if (!Array.TrueForAll(addresses, _addresses.Allows)) throw new WebhookRefusedException();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // Fixed sentences: a receiver's text goes neither into the log nor onto a screen.
    private static string Explain(HttpRequestException exception) => exception switch
    {
        { InnerException: WebhookRefusedException } =>
            "The address is not on the public internet, and no network in --webhook-allow contains it.",
        { HttpRequestError: HttpRequestError.NameResolutionError }
            or { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound } } =>
            "The receiver's name was not found.",
        { HttpRequestError: HttpRequestError.SecureConnectionError } =>
            "The receiver's certificate or TLS version is not accepted.",
        { HttpRequestError: HttpRequestError.ConnectionError } or { InnerException: SocketException } =>
            "The receiver could not be reached.",
        _ => "The receiver's response was incomplete or not valid HTTP.",
    };

    private sealed class WebhookRefusedException() : Exception("The address is refused.");
}
