using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Weft.Http.Bounds;

/// <summary>
/// How many connections each address has. One more than it may have is closed as soon as it is made, before a byte of
/// it is read. Addresses that stand for many, this machine's and those of trusted proxies, are not counted.
/// </summary>
/// <param name="max">Of one address.</param>
/// <param name="proxies">Which are trusted.</param>
internal sealed class AddressConnections(int max, IReadOnlyList<IPNetwork> proxies)
{
    private readonly AddressCounts _open = new(max);

    /// <summary>
    /// How many one address may have: half of all at most, since where few files may be open, one must not have them
    /// all. 0: any number.
    /// </summary>
    /// <param name="wished">The setting.</param>
    /// <param name="all">Connections at once, of all addresses.</param>
    public static int MaxFor(int wished, int all) => wished == 0 ? 0 : Math.Min(wished, Math.Max(1, all / 2));

    /// <summary>Where a connection goes through, first of all.</summary>
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
