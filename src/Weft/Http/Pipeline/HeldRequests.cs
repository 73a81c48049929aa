using System.Runtime.InteropServices;
using Weft.Core.Storage;
using Weft.Http.Bounds;

namespace Weft.Http.Pipeline;

/// <summary>Counts the requests that are held open, in total and for each client.</summary>
internal sealed class HeldRequests(ServeBounds bounds)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<ClientKey, int> _perClient = [];

    /// <summary>The number of held requests.</summary>
    public int Count { get; private set; }

    /// <summary>Their limit.</summary>
    public int Max => bounds.HeldRequests;

    /// <summary>Admits a request that wants to wait. Null: there are too many, and 429 has been sent.</summary>
    /// <param name="context">The request.</param>
    /// <param name="wait">Zero: it doesn't wait, and isn't counted.</param>
    public async ValueTask<Place?> EnterAsync(HttpContext context, TimeSpan wait)
    {
        if (wait <= TimeSpan.Zero) return default(Place);
        var client = ClientKey.Of(context);
        if (TryEnter(client))
        {
            RequestMeter.Waits(context);
            return new Place(this, client);
        }

        await RequestRates.RefuseAsync(
            context, RefusedBy.Held, RetryAfter,
            "Too many requests are already waiting: repeat this one without wait, or later.");
        return null;
    }

    private bool TryEnter(ClientKey client)
    {
        lock (_gate)
        {
            if (Count >= bounds.HeldRequests || HeldBy(client) >= bounds.HeldRequestsPerClient
                || HeldBy(client.Sharers) >= Admission.NewWork.LimitOf(bounds.HeldRequests)) return false;
            Add(client, +1);
            Add(client.Sharers, +1);
            Count++;
            return true;
        }
    }

    private void Leave(ClientKey client)
    {
        lock (_gate)
        {
            Count--;
            Add(client, -1);
            Add(client.Sharers, -1);
        }
    }

    private int HeldBy(ClientKey client) => _perClient.GetValueOrDefault(client);

    private void Add(ClientKey client, int change)
    {
        if (client.IsNobody) return;
        ref var held = ref CollectionsMarshal.GetValueRefOrAddDefault(_perClient, client, out _);
        held += change;
        if (held == 0) _perClient.Remove(client);
    }

    /// <summary>A held request's slot, freed at its end.</summary>
    internal readonly struct Place(HeldRequests? room, ClientKey client) : IDisposable
    {
        public void Dispose() => room?.Leave(client);
    }
}
