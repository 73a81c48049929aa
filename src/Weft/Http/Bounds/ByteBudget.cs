using System.Runtime.InteropServices;
using Weft.Core.Storage;

namespace Weft.Http.Bounds;

/// <summary>
/// The memory for large request and response bodies of all requests together. Small bodies aren't counted: the number
/// of connections limits those.
/// </summary>
/// <param name="max">For all requests together. New work gets three quarters of it.</param>
/// <param name="clientMax">For the requests of one client; its new work gets three quarters of it. All clients of this
/// machine without a token count as one.</param>
internal sealed class ByteBudget(long max, long clientMax)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ClientKey, long> _perClient = [];
    private long _taken;
    private long _peak;

    public long Max => max;

    public long Taken => Interlocked.Read(ref _taken);

    /// <summary>The highest use since the last call.</summary>
    public long TakePeak() => Interlocked.Exchange(ref _peak, Taken);

    /// <summary>False: the budget is used up, and nothing was reserved.</summary>
    public bool TryTake(ClientKey client, long bytes, Admission admission)
    {
        lock (_gate)
        {
            var taken = _taken + bytes;
            if (taken > admission.LimitOf(max) || TakenBy(client) + bytes > admission.LimitOf(clientMax)) return false;
            if (!client.Sharers.IsNobody && TakenBy(client.Sharers) + bytes > admission.LimitOf(SharersMax))
                return false;
            Add(client, bytes);
            if (!client.Sharers.IsNobody) Add(client.Sharers, bytes);
            Interlocked.Exchange(ref _taken, taken);
            if (taken > Interlocked.Read(ref _peak)) Interlocked.Exchange(ref _peak, taken);
            return true;
        }
    }

    public void Return(ClientKey client, long bytes)
    {
        if (bytes == 0) return;
        lock (_gate)
        {
            Interlocked.Add(ref _taken, -bytes);
            Add(client, -bytes);
            if (!client.Sharers.IsNobody) Add(client.Sharers, -bytes);
        }
    }

    // The limit for all clients with one token: others always have memory left.
    private long SharersMax => Math.Max(clientMax, max - max / 4);

    private long TakenBy(ClientKey client) => _perClient.GetValueOrDefault(client);

    private void Add(ClientKey client, long bytes)
    {
        ref var taken = ref CollectionsMarshal.GetValueRefOrAddDefault(_perClient, client, out _);
        taken += bytes;
        if (taken == 0) _perClient.Remove(client);
    }
}
