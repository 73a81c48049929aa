using System.Runtime.InteropServices;
using Weft.Serve;

namespace Weft.Http.Bounds;

/// <summary>Requests that wait for something: how many there are, in all and of one client.</summary>
internal sealed class HeldRequests(ServeBounds bounds)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<ClientKey, int> _perClient = [];

    /// <summary>How many wait now.</summary>
    public int Count { get; private set; }

    /// <summary>Lets a request wait. Null: it may not, and that has been answered.</summary>
    /// <param name="context">The request.</param>
    /// <param name="wait">Zero: it doesn't want to, and isn't counted.</param>
    public async ValueTask<Place?> EnterAsync(HttpContext context, TimeSpan wait)
    {
        if (wait <= TimeSpan.Zero) return default(Place);
        var client = ClientKey.Of(context);
        if (TryEnter(client)) return new Place(this, client);
        await RequestRates.RefuseAsync(context, RetryAfter, "As many requests wait already as may: ask without wait, or later.");
        return null;
    }

    private bool TryEnter(ClientKey client)
    {
        lock (_gate)
        {
            if (Count >= bounds.HeldRequests) return false;
            if (!client.IsNobody)
            {
                ref var held = ref CollectionsMarshal.GetValueRefOrAddDefault(_perClient, client, out _);
                if (held >= bounds.HeldRequestsPerClient) return false;
                held++;
            }

            Count++;
            return true;
        }
    }

    private void Leave(ClientKey client)
    {
        lock (_gate)
        {
            Count--;
            if (client.IsNobody) return;
            var held = _perClient[client] - 1;
            if (held == 0) _perClient.Remove(client);
            else _perClient[client] = held;
        }
    }

    /// <summary>A held request's place, given up at its end.</summary>
    internal readonly struct Place(HeldRequests? room, ClientKey client) : IDisposable
    {
        public void Dispose() => room?.Leave(client);
    }
}
