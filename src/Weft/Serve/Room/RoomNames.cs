using System.Net;
using System.Net.Sockets;
using Weft.CommandLine;

namespace Weft.Serve.Room;

/// <summary>The names and addresses that a room's certificate is for.</summary>
/// <param name="Dns">Host names.</param>
/// <param name="Addresses">IP addresses.</param>
internal sealed record RoomNames(IReadOnlyList<string> Dns, IReadOnlyList<IPAddress> Addresses)
{
    private const string Local = "localhost";

    /// <summary>How many names a certificate takes: what is longer doesn't fit a handshake's first packets.</summary>
    private const int Max = 100;

    /// <summary>All, as they are typed.</summary>
    public IEnumerable<string> All => [.. Dns, .. Addresses.Select(static address => address.ToString())];

    /// <summary>Those that were given, and this machine to itself.</summary>
    /// <exception cref="CommandFailure">One is no name, or there are too many.</exception>
    public static RoomNames Of(IEnumerable<string> given)
    {
        List<string> dns = [];
        List<IPAddress> addresses = [];
        foreach (var name in given)
        {
            if (IPAddress.TryParse(name, out var address)) addresses.Add(Plain(address));
            else if (MayBeTopLevel(name))
            {
                throw new CommandFailure($"'{name}' may be a top-level domain, and the CA could vouch for all of its " +
                    $"sites: give a name with a dot, as {name.TrimEnd('.')}.local, or an address.");
            }
            else if (IsDns(name)) dns.Add(name.TrimEnd('.').ToLowerInvariant());
            else throw new CommandFailure($"'{name}' is not a host name or an IP address, without scheme and port.");
        }

        RoomNames names = new([.. dns.Append(Local).Distinct(StringComparer.Ordinal)],
            [.. addresses.Append(IPAddress.Loopback).Append(IPAddress.IPv6Loopback).Distinct()]);
        return names.Dns.Count + names.Addresses.Count <= Max ? names
            : throw new CommandFailure($"A certificate takes {Max} names at most: give fewer.");
    }

    /// <summary>How others find this machine: by its name, in the local network too, and by its addresses.</summary>
    /// <param name="more">Other names that it goes by.</param>
    public static RoomNames OfThisMachine(params IEnumerable<string> more)
    {
        string[] own = [Environment.MachineName, Environment.MachineName + ".local"];
        return Of([.. more, .. own.Where(static name => IsDns(name) && !MayBeTopLevel(name)),
            .. PublicAddress.OfThisMachine()]);
    }

    /// <summary>Whether each of these names is among those of <paramref name="others"/>.</summary>
    public bool AreAmong(RoomNames others) =>
        Dns.All(others.Dns.Contains) && Addresses.All(others.Addresses.Contains);

    // Who vouches for a name vouches for those below it, too. Top-level domains have letters alone, or begin with xn--
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

    // Of fe80::1%eth0 and ::ffff:192.0.2.2, what a certificate can name.
    private static IPAddress Plain(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
        : address.AddressFamily == AddressFamily.InterNetworkV6 ? new(address.GetAddressBytes()) : address;
}
