using System.Runtime.InteropServices;

namespace Weft.Http.Bounds;

/// <summary>How many of something each address has. Nobody's aren't counted: they stand for many.</summary>
/// <param name="max">Of one address.</param>
internal sealed class AddressCounts(int max)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, int> _counts = [];

    /// <summary>
    /// False: the address has as many as it may have. Else it has one more until <see cref="Leave"/>.
    /// </summary>
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

    /// <summary>Once for each time that a client was let in.</summary>
    public void Leave(ClientKey client)
    {
        if (client.Address == 0) return;
        lock (_gate)
        {
            if (--CollectionsMarshal.GetValueRefOrNullRef(_counts, client.Address) == 0) _counts.Remove(client.Address);
        }
    }
}
