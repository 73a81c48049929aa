using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Webhooks;

/// <summary>A message that a receiver has taken.</summary>
internal sealed record ReceivedMessage(string Id, string Type, JsonElement Data, string Signature, string Timestamp,
    string Body);

/// <summary>
/// A server that takes webhooks, as a stranger would write it: it knows the secret and Standard Webhooks, and answers
/// 401 to what isn't signed so.
/// </summary>
internal sealed class WebhookReceiver : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly List<ReceivedMessage> received = [];
    private readonly List<string> ids = [];
    private int asked;

    public WebhookReceiver()
    {
        Address = $"http://127.0.0.1:{FreePort.Next()}/hook";
        listener.Prefixes.Add(Address + "/");
        listener.Start();
        _ = TakeAllAsync();
    }

    public string Address { get; }

    /// <summary>What messages must be signed with; null: anything is taken.</summary>
    public string? Secret { get; set; }

    /// <summary>What is answered to the n-th request, from 1; 200 means that the signature decides.</summary>
    public Func<int, int> StatusOf { get; set; } = static _ => 200;

    /// <summary>When an answer that isn't 200 asks the caller to come again; null: it doesn't say.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>The <c>webhook-id</c> of each request, whatever it was answered.</summary>
    public IReadOnlyList<string> Ids
    {
        get
        {
            lock (received) return [.. ids];
        }
    }

    /// <summary>Where an answer sends the caller.</summary>
    public string? Location { get; set; }

    public int Asked => Volatile.Read(ref asked);

    public IReadOnlyList<ReceivedMessage> Received
    {
        get
        {
            lock (received) return [.. received];
        }
    }

    public void Dispose() => listener.Close();

    /// <summary>Waits until enough messages have come.</summary>
    public Task<IReadOnlyList<ReceivedMessage>> WaitAsync(Func<IReadOnlyList<ReceivedMessage>, bool> isEnough,
        TimeSpan? max = null) =>
        Eventually.SeeAsync("the messages came", () => Task.FromResult(Received), isEnough, max);

    private async Task TakeAllAsync()
    {
        try
        {
            while (true) _ = TakeAsync(await listener.GetContextAsync());
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
        }
    }

    private async Task TakeAsync(HttpListenerContext context)
    {
        try
        {
            using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
            var body = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
            lock (received) ids.Add(context.Request.Headers["webhook-id"]!);
            var status = StatusOf(Interlocked.Increment(ref asked));
            if (status == 200) status = Verify(context.Request, body) ? 204 : 401;
            if (status >= 400 && RetryAfterSeconds is { } seconds)
            {
                context.Response.Headers["Retry-After"] = seconds.ToString(CultureInfo.InvariantCulture);
            }

            if (Location is not null) context.Response.RedirectLocation = Location;
            context.Response.StatusCode = status;
            context.Response.Close();
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or IOException)
        {
            // A coordinator that was killed has hung up.
        }
    }

    private bool Verify(HttpListenerRequest request, string body)
    {
        var (id, timestamp, signature) = (request.Headers["webhook-id"]!, request.Headers["webhook-timestamp"]!,
            request.Headers["webhook-signature"]!);
        var age = TimeProvider.System.GetUtcNow()
            - DateTimeOffset.FromUnixTimeSeconds(long.Parse(timestamp, CultureInfo.InvariantCulture));
        if (age.Duration() > TimeSpan.FromMinutes(5)) return false;
        if (Secret is not null)
        {
            var key = Convert.FromBase64String(Secret["whsec_".Length..]);
            var hash = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{id}.{timestamp}.{body}"));
            if (!signature.Split(' ').Contains($"v1,{Convert.ToBase64String(hash)}")) return false;
        }

        var message = JsonElement.Parse(body);
        lock (received) received.Add(new(id, message.GetProperty("type").GetString()!, message.GetProperty("data"),
            signature, timestamp, body));
        return true;
    }
}
