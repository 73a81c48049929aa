using System.Runtime.InteropServices;

namespace Weft.Http.Bounds;

/// <summary>Counts open requests of one kind for each client, and for all clients with the same token.</summary>
/// <param name="clientMax">Limit for one client.</param>
/// <param name="sharersMax">Limit for all clients with one token, such as a class of volunteers.</param>
internal abstract class ClientCounts(int clientMax, int sharersMax)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ClientKey, int> _counts = [];

    /// <summary>Counts one more until the request has ended. False: the client has reached its limit.</summary>
    public static bool TryBegin<TKind>(HttpContext context) where TKind : ClientCounts
    {
        var counts = context.RequestServices.GetRequiredService<TKind>();
        var client = ClientKey.Of(context);
        if (!counts.TryEnter(client)) return false;
        context.Response.RegisterForDispose(new Place(counts, client));
        return true;
    }

    public bool TryEnter(ClientKey client)
    {
        lock (_gate)
        {
            var sharers = client.Sharers;
            if (Of(client) >= clientMax || Of(sharers) >= sharersMax) return false;
            Add(client, 1);
            Add(sharers, 1);
            return true;
        }
    }

    /// <summary>Call once for each successful enter.</summary>
    public void Leave(ClientKey client)
    {
        lock (_gate)
        {
            Add(client, -1);
            Add(client.Sharers, -1);
        }
    }

    // All clients without an address and a token count as one: this machine, or a proxy that stands for many.
    private int Of(ClientKey client) => client.IsNobody ? 0 : _counts.GetValueOrDefault(client);

    private void Add(ClientKey client, int change)
    {
        if (client.IsNobody) return;
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, client, out _);
        count += change;
        if (count == 0) _counts.Remove(client);
    }

    private sealed class Place(ClientCounts counts, ClientKey client) : IDisposable
    {
        public void Dispose() => counts.Leave(client);
    }
}
