using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Weft.Testing;

namespace Weft.Torture.Load;

/// <summary>What a webhook was told, and what of it is still on its way.</summary>
/// <param name="Told">Each event with the task that it was about, once, however often it came.</param>
/// <param name="Pending">Messages that still wait when the time for them was over.</param>
/// <param name="Dropped">Events that were left out, as they may be where too many wait.</param>
internal sealed record WebhookImage(IReadOnlySet<(string Event, long Id)> Told, long Pending, long Dropped);

/// <summary>
/// A receiver of webhooks that outlives the coordinator, and refuses every fortieth message once.
/// </summary>
internal sealed class WebhookListener : IDisposable
{
    private const int RefusedEach = 40;
    private const int Refused = 500;
    private const int Taken = 204;
    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan EnableEach = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly HttpListener _listener = new();
    private readonly string _address = $"http://127.0.0.1:{FreePort.Next()}/hook/";
    private readonly ConcurrentDictionary<string, bool> _messages = new();
    private readonly ConcurrentDictionary<(string Event, long Id), bool> _told = new();
    private bool _isRegistered;

    public WebhookListener()
    {
        _listener.Prefixes.Add(_address);
        _listener.Start();
        _ = ListenAsync();
    }

    /// <summary>
    /// Registers it, if it isn't yet, before the first task. A front that lies may make two of it: that is only told
    /// twice.
    /// </summary>
    /// <param name="surface">Where.</param>
    /// <param name="isRunning">False: the coordinator is gone, and so takes no task either.</param>
    public async Task RegisterAsync(Surface surface, Func<bool> isRunning)
    {
        using var client = new TortureClient(surface);
        while (!_isRegistered && (isRunning() || client.HasOthers))
        {
            var answer = await client.PostAsync("api/v1/webhooks",
                $$"""{"url":"{{_address}}","events":["task.completed","task.dead","task.cancelled"]}""");
            _isRegistered = answer.IsOk;
        }
    }

    /// <summary>Waits until nothing is on its way any more.</summary>
    public async Task<WebhookImage> ComeToRestAsync(Surface surface)
    {
        using var client = new TortureClient(surface);
        var (start, enabledAt) = (TimeProvider.System.GetTimestamp(), long.MinValue);
        var (pending, dropped) = (long.MaxValue, 0L);
        while (pending > 0 && TimeProvider.System.GetElapsedTime(start) < TimeMax)
        {
            var list = await client.GetAsync("api/v1/webhooks");
            if (list.IsOk)
            {
                var webhooks = list.Json.GetProperty("webhooks").EnumerateArray().ToArray();
                (pending, dropped) = (Sum(webhooks, "pending"), Sum(webhooks, "dropped"));
                // What a coordinator that was killed had in hand comes back at once, and not after its time.
                if (enabledAt == long.MinValue || TimeProvider.System.GetElapsedTime(enabledAt) > EnableEach)
                {
                    enabledAt = TimeProvider.System.GetTimestamp();
                    foreach (var each in webhooks)
                        await client.PostAsync($"api/v1/webhooks/{each.GetProperty("id")}/enable", "");
                }
            }

            await Task.Delay(Poll, TimeProvider.System);
        }

        return new(_told.Keys.ToHashSet(), pending, dropped);
    }

    public void Dispose() => _listener.Close();

    private static long Sum(JsonElement[] webhooks, string member) =>
        webhooks.Sum(each => each.GetProperty(member).GetInt64());

    private async Task ListenAsync()
    {
        try
        {
            while (true) _ = TakeAsync(await _listener.GetContextAsync());
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
        }
    }

    private async Task TakeAsync(HttpListenerContext context)
    {
        try
        {
            using var message = await JsonDocument.ParseAsync(context.Request.InputStream);
            // The first time, and by its number, so that a message is refused once.
            var isNew = _messages.TryAdd(context.Request.Headers["webhook-id"]!, true);
            var (told, id) = (message.RootElement.GetProperty("type").GetString()!,
                message.RootElement.GetProperty("data").GetProperty("id").GetInt64());
            var isRefused = isNew && _messages.Count % RefusedEach == 0;
            if (!isRefused) _told[(told, id)] = true;
            context.Response.StatusCode = isRefused ? Refused : Taken;
            context.Response.Close();
        }
        catch (Exception exception)
            when (exception is HttpListenerException or ObjectDisposedException or IOException or JsonException)
        {
            // A coordinator that was killed has hung up.
        }
    }
}
