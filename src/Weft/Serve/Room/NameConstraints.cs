using System.Formats.Asn1;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Weft.Serve.Room;

/// <summary>
/// The names that a room's CA may certify (RFC 5280, 4.2.1.10): the room's own names, names of local networks, and
/// private addresses. Even with its key, nobody can create a trusted certificate for any other site.
/// </summary>
internal static class NameConstraints
{
    private const string Oid = "2.5.29.30";
    private static readonly Asn1Tag Permitted = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag DnsName = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag Address = new(TagClass.ContextSpecific, 7);

    // Nobody can register any of these (RFC 6761, RFC 6762, RFC 8375, ICANN's .internal; .lan by custom).
    private static readonly string[] LocalDomains = ["localhost", "local", "lan", "internal", "home.arpa"];

    // This machine, private networks (RFC 1918, RFC 6598, RFC 4193), and link-local addresses.
    private static readonly IPNetwork[] LocalNetworks =
    [
        IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("100.64.0.0/10"), IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("::1/128"), IPNetwork.Parse("fc00::/7"), IPNetwork.Parse("fe80::/10"),
    ];

    /// <summary>The extension for a CA that will certify these names.</summary>
    public static X509Extension For(RoomNames names)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence(Permitted))
        {
            foreach (var name in names.Dns.Union(LocalDomains))
            {
                using (writer.PushSequence()) writer.WriteCharacterString(UniversalTagNumber.IA5String, name, DnsName);
            }

            var own = names.Addresses.Where(static address => !LocalNetworks.Any(network => network.Contains(address)))
                .Select(static address => new IPNetwork(address, address.GetAddressBytes().Length * 8));
            foreach (var network in LocalNetworks.Concat(own))
            {
                using (writer.PushSequence()) writer.WriteOctetString([.. Bytes(network)], Address);
            }
        }

        return new(Oid, writer.Encode(), critical: true);
    }

    /// <summary>The address, followed by its mask of the same length.</summary>
    private static IEnumerable<byte> Bytes(IPNetwork network)
    {
        var address = network.BaseAddress.GetAddressBytes();
        var mask = new byte[network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 4 : 16];
        for (var bit = 0; bit < network.PrefixLength; bit++) mask[bit / 8] |= (byte)(0x80 >> (bit % 8));
        return address.Concat(mask);
    }
}
