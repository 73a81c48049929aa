using System.Net;
using System.Net.Sockets;
using Weft.CommandLine;

namespace Weft.Serve.Room;

/// <summary>The names and addresses of a room's certificate.</summary>
/// <param name="Dns">Host names.</param>
/// <param name="Addresses">IP addresses.</param>
internal sealed record RoomNames(IReadOnlyList<string> Dns, IReadOnlyList<IPAddress> Addresses)
{
    private const string Local = "localhost";

    /// <summary>The limit of names in a certificate: a longer one doesn't fit a handshake's first packets.</summary>
    private const int Max = 100;

    /// <summary>All of them, as typed.</summary>
    public IEnumerable<string> All => [.. Dns, .. Addresses.Select(static address => address.ToString())];

    /// <summary>The given names, and this machine's loopback names.</summary>
    /// <exception cref="CommandFailure">A name is invalid, or there are too many.</exception>
    public static RoomNames Of(IEnumerable<string> given)
    {
        List<string> dns = [];
        List<IPAddress> addresses = [];
        foreach (var name in given)
        {
            if (IPAddress.TryParse(name, out var address)) addresses.Add(Plain(address));
            else if (MayBeTopLevel(name))
            {
                throw new CommandFailure($"'{name}' may be a top-level domain, and the CA could certify all of its " +
                    $"sites: give a name with a dot, as {name.TrimEnd('.')}.local, or an address.");
            }
            else if (IsDns(name)) dns.Add(name.TrimEnd('.').ToLowerInvariant());
            else throw new CommandFailure($"'{name}' is not a host name or an IP address, without scheme and port.");
        }

        RoomNames names = new([.. dns.Append(Local).Distinct(StringComparer.Ordinal)],
            [.. addresses.Append(IPAddress.Loopback).Append(IPAddress.IPv6Loopback).Distinct()]);
        return names.Dns.Count + names.Addresses.Count <= Max ? names
            : throw new CommandFailure($"A certificate can have at most {Max} names: give fewer.");
    }

    /// <summary>How others find this machine: by its name, also in the local network, and by its addresses.</summary>
    /// <param name="more">Its other names.</param>
    public static RoomNames OfThisMachine(params IEnumerable<string> more)
    {
        string[] own = [Environment.MachineName, Environment.MachineName + ".local"];
        return Of([.. more, .. own.Where(static name => IsDns(name) && !MayBeTopLevel(name)),
            .. PublicAddress.OfThisMachine()]);
    }

    /// <summary>Whether all of these names are among those of <paramref name="others"/>.</summary>
    public bool AreAmong(RoomNames others) =>
        Dns.All(others.Dns.Contains) && Addresses.All(others.Addresses.Contains);

    // A CA that certifies a name also certifies those below it. Top-level domains have only letters, or begin with xn--
    // (RFC 3696, 2).
    private static bool MayBeTopLevel(string name)
    {
        var label = name.TrimEnd('.');
        return label.Length > 1 && !label.Equals(Local, StringComparison.OrdinalIgnoreCase)
            && (label.All(char.IsAsciiLetter)
                || (label.StartsWith("xn--", StringComparison.OrdinalIgnoreCase) && !label.Contains('.')));
    }

    private static bool IsDns(string name) =>
        !name.Contains('*', StringComparison.Ordinal) && Uri.CheckHostName(name) == UriHostNameType.Dns
        && name.All(char.IsAscii);

    // Converts fe80::1%eth0 and ::ffff:192.0.2.2 to the form that a certificate can contain.
    private static IPAddress Plain(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
        : address.AddressFamily == AddressFamily.InterNetworkV6 ? new(address.GetAddressBytes()) : address;
}
