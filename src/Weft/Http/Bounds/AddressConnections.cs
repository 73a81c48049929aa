using System.Net;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace Weft.Http.Bounds;

/// <summary>
/// How many connections each address has. One more than it may have is closed as soon as it is made, before a byte of it is read.
/// Addresses that stand for many, this machine's and those of trusted proxies, are not counted.
/// </summary>
/// <param name="max">Of one address.</param>
/// <param name="proxies">Which are trusted.</param>
internal sealed class AddressConnections(int max, IReadOnlyList<IPNetwork> proxies)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ClientKey, int> _open = [];

    /// <summary>Where a connection goes through, first of all.</summary>
    public ConnectionDelegate Guard(ConnectionDelegate next) => connection =>
    {
        var client = KeyOf((connection.RemoteEndPoint as IPEndPoint)?.Address);
        if (client.IsNobody) return next(connection);
        return TryEnter(client) ? ServeAsync(next, connection, client) : Task.CompletedTask;
    };

    private async Task ServeAsync(ConnectionDelegate next, ConnectionContext connection, ClientKey client)
    {
        try
        {
            await next(connection);
        }
        finally
        {
            Leave(client);
        }
    }

    private ClientKey KeyOf(IPAddress? address)
    {
        if (address is null) return default;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        foreach (var proxy in proxies)
        {
            if (proxy.Contains(address)) return default;
        }

        return ClientKey.OfAddress(address);
    }

    private bool TryEnter(ClientKey client)
    {
        lock (_gate)
        {
            ref var open = ref CollectionsMarshal.GetValueRefOrAddDefault(_open, client, out _);
            if (open >= max) return false;
            open++;
            return true;
        }
    }

    private void Leave(ClientKey client)
    {
        lock (_gate)
        {
            if (--CollectionsMarshal.GetValueRefOrNullRef(_open, client) == 0) _open.Remove(client);
        }
    }
}
