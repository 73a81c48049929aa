using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Weft.Serve;

/// <summary>The address at which others reach the coordinator, as well as this machine can guess.</summary>
internal static class PublicAddress
{
    private const int HttpsPort = 443;

    /// <summary>Without a trailing slash.</summary>
    public static string Of(Uri url, ServeOptions options)
    {
        if (options.Network.PublicNames.FirstOrDefault(static name => name != "*") is { } name)
        {
            // Without TLS of its own, a proxy provides it on the port that browsers expect.
            return options.Network.TlsCert is null || url.Port == HttpsPort ? $"https://{name}"
                : $"https://{name}:{url.Port}";
        }

        return IsAny(url) ? $"{url.Scheme}://{OfThisMachine().FirstOrDefault() ?? Environment.MachineName}:{url.Port}"
            : url.ToString().TrimEnd('/');
    }

    /// <summary>Every address it listens on that can be opened in a browser.</summary>
    public static IReadOnlyList<string> AllOf(Uri url) => IsAny(url)
        ? [.. OfThisMachine().Append("localhost").Select(host => $"{url.Scheme}://{host}:{url.Port}")]
        : [url.ToString().TrimEnd('/')];

    private static bool IsAny(Uri url) =>
        IPAddress.TryParse(url.Host.Trim('[', ']'), out var address)
            && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));

    /// <summary>
    /// The address for this machine's own browser, which needs no certificate; null: it doesn't listen there.
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
