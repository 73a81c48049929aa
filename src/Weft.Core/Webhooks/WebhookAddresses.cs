using System.Net;
using System.Net.Sockets;

namespace Weft.Core.Webhooks;

/// <summary>
/// The addresses that webhooks may be sent to: the public internet, and networks that the operator allows. Otherwise
/// the coordinator could be used to reach what only it can reach: the machine's own services, its network, a cloud's
/// metadata at 169.254.169.254.
/// </summary>
public sealed class WebhookAddresses(IReadOnlyList<IPNetwork> allowed)
{
    // https://www.iana.org/assignments/iana-ipv4-special-registry, all that isn't globally reachable; and multicast.
    private static readonly IPNetwork[] NotPublic =
    [
        IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("100.64.0.0/10"),
        IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.0.0.0/24"), IPNetwork.Parse("192.0.2.0/24"), IPNetwork.Parse("192.88.99.0/24"),
        IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("198.18.0.0/15"), IPNetwork.Parse("198.51.100.0/24"),
        IPNetwork.Parse("203.0.113.0/24"), IPNetwork.Parse("224.0.0.0/4"), IPNetwork.Parse("240.0.0.0/4"),
    ];

    // Only 2000::/3 of IPv6 is assigned to hosts. Within it these are special, and 2002::/16 and 2001::/32 lead to
    // embedded IPv4 addresses, like 64:ff9b::/96 outside it.
    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork[] NotPublic6 =
    [
        IPNetwork.Parse("2001::/23"), IPNetwork.Parse("2001:db8::/32"), IPNetwork.Parse("2002::/16"),
        IPNetwork.Parse("3fff::/20"),
    ];

    /// <summary>Whether messages may be sent to the address.</summary>
    public bool Allows(IPAddress address)
    {
        // ::ffff:127.0.0.1 is 127.0.0.1.
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        foreach (var network in allowed)
        {
            if (network.Contains(plain)) return true;
        }

        return plain.AddressFamily switch
        {
            AddressFamily.InterNetwork => !Array.Exists(NotPublic, network => network.Contains(plain)),
            AddressFamily.InterNetworkV6 =>
                GlobalUnicast.Contains(plain) && !Array.Exists(NotPublic6, network => network.Contains(plain)),
            _ => false,
        };
    }
}
