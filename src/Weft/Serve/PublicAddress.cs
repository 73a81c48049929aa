using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Weft.Serve;

/// <summary>Under which address others find the coordinator: as good a guess as this machine can make.</summary>
internal static class PublicAddress
{
    private const int HttpsPort = 443;

    /// <summary>Without a slash at its end.</summary>
    public static string Of(Uri url, ServeOptions options)
    {
        if (options.Network.PublicNames.FirstOrDefault(static name => name != "*") is { } name)
        {
            // Without TLS of its own there is a proxy that has it, on the port that browsers expect.
            return options.Network.TlsCert is null || url.Port == HttpsPort ? $"https://{name}"
                : $"https://{name}:{url.Port}";
        }

        return IsAny(url) ? $"{url.Scheme}://{OfThisMachine().FirstOrDefault() ?? Environment.MachineName}:{url.Port}"
            : url.ToString().TrimEnd('/');
    }

    /// <summary>Every address that it listens on, of those that can be opened.</summary>
    public static IReadOnlyList<string> AllOf(Uri url) => IsAny(url)
        ? [.. OfThisMachine().Append("localhost").Select(host => $"{url.Scheme}://{host}:{url.Port}")]
        : [url.ToString().TrimEnd('/')];

    private static bool IsAny(Uri url) =>
        IPAddress.TryParse(url.Host.Trim('[', ']'), out var address)
            && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));

    /// <summary>
    /// By which this machine's own browser reaches it, without a certificate; null: it doesn't listen there.
    /// </summary>
    public static string? Local(Uri url) => IsAny(url) || url.IsLoopback ? $"http://localhost:{url.Port}" : null;

    /// <summary>This machine's addresses in its networks, IPv4.</summary>
    public static IEnumerable<string> OfThisMachine() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(static network => network.OperationalStatus == OperationalStatus.Up
            && network.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .SelectMany(static network => network.GetIPProperties().UnicastAddresses)
        .Where(static unicast => unicast.Address.AddressFamily == AddressFamily.InterNetwork)
        .Select(static unicast => unicast.Address.ToString());
}
