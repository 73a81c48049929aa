using System.Runtime.InteropServices;

namespace Weft.Http.Bounds;

/// <summary>Counts something for each address. Addresses that stand for many clients aren't counted.</summary>
/// <param name="max">Limit for one address.</param>
internal sealed class AddressCounts(int max)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, int> _counts = [];

    /// <summary>False: the address has reached its limit. Otherwise counts one until <see cref="Leave"/>.</summary>
    public bool TryEnter(ClientKey client)
    {
        if (client.Address == 0) return true;
        lock (_gate)
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, client.Address, out _);
            if (count >= max) return false;
            count++;
            return true;
        }
    }

    /// <summary>Call once for each successful enter.</summary>
    public void Leave(ClientKey client)
    {
        if (client.Address == 0) return;
        lock (_gate)
        {
            if (--CollectionsMarshal.GetValueRefOrNullRef(_counts, client.Address) == 0) _counts.Remove(client.Address);
        }
    }
}
