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
            return options.Network.TlsCert is null || url.Port == HttpsPort ? $"https://{name}" : $"https://{name}:{url.Port}";
        }

        var isAny = IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));
        return isAny ? $"{url.Scheme}://{FirstOfThisMachine() ?? Environment.MachineName}:{url.Port}" : url.ToString().TrimEnd('/');
    }

    private static string? FirstOfThisMachine() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(static network => network.OperationalStatus == OperationalStatus.Up && network.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .SelectMany(static network => network.GetIPProperties().UnicastAddresses)
        .FirstOrDefault(static unicast => unicast.Address.AddressFamily == AddressFamily.InterNetwork)?.Address.ToString();
}
