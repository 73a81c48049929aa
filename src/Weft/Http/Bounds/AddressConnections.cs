using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Weft.Http.Bounds;

/// <summary>
/// Limits the connections of each address. A connection over the limit is closed as soon as it is accepted, before a
/// byte of it is read. Addresses that stand for many clients, this machine's and those of trusted proxies, are not
/// counted.
/// </summary>
/// <param name="max">Limit for one address.</param>
/// <param name="proxies">The trusted proxies.</param>
internal sealed class AddressConnections(int max, IReadOnlyList<IPNetwork> proxies)
{
    private readonly AddressCounts _open = new(max);

    /// <summary>
    /// The limit for one address: at most half of all connections, since one address must not take all of the few open
    /// files that some systems allow. 0: no limit.
    /// </summary>
    /// <param name="wished">The setting.</param>
    /// <param name="all">The limit for all addresses together.</param>
    public static int MaxFor(int wished, int all) => wished == 0 ? 0 : Math.Min(wished, Math.Max(1, all / 2));

    /// <summary>Connection middleware; must come first.</summary>
    public ConnectionDelegate Guard(ConnectionDelegate next) => connection =>
    {
        var client = KeyOf((connection.RemoteEndPoint as IPEndPoint)?.Address);
        if (client.IsNobody) return next(connection);
        return _open.TryEnter(client) ? ServeAsync(next, connection, client) : Task.CompletedTask;
    };

    private async Task ServeAsync(ConnectionDelegate next, ConnectionContext connection, ClientKey client)
    {
        try
        {
            await next(connection);
        }
        finally
        {
            _open.Leave(client);
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
}
