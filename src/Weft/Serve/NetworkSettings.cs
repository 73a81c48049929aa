using System.Net;
using Weft.CommandLine;
using Weft.Http.Access;

namespace Weft.Serve;

/// <summary>The settings of <see cref="ServeNetwork"/>. Lists are comma-separated.</summary>
internal static class NetworkSettings
{
    public static IReadOnlyList<Setting<ServeOptions>> All { get; } =
    [
        new Setting<ServeOptions, IReadOnlyList<string>>("public-name",
            "Host name by which clients reach the coordinator, such as weft.example.org; comma-separated, * for any",
            null,
            static text =>
                ReadList(text, static name => (name == "*" || Uri.CheckHostName(name) == UriHostNameType.Dns, name)),
            "a host's name, without scheme and port", static (options, value) => options.Network.PublicNames = value),
        new Setting<ServeOptions, IReadOnlyList<string>>("cors-origins",
            "Other web origins whose pages may use the API, such as https://example.org; comma-separated, * for any",
            null,
            static text => text == Origins.Any ? (true, [Origins.Any]) : ReadList(text, ReadOrigin),
            "an origin such as https://example.org, or *",
            static (options, value) => options.Network.CorsOrigins = value),
        new Setting<ServeOptions, IReadOnlyList<IPNetwork>>("trusted-proxies",
            "Proxies whose X-Forwarded-* headers are trusted, such as 127.0.0.1 or 10.0.0.0/8; comma-separated", null,
            static text => ReadList(text, ReadNetwork),
            "an address or a network of the proxy", static (options, value) => options.Network.TrustedProxies = value),
        new Setting<ServeOptions, string>("tls-cert",
            "PEM file of the certificate and its chain, to serve https; reloaded when it changes", null,
            static text => (text.Length > 0, text), "a file",
            static (options, value) => options.Network.TlsCert = value),
        new Setting<ServeOptions, string>("tls-key", "PEM file of the certificate's private key", null,
            static text => (text.Length > 0, text), "a file",
            static (options, value) => options.Network.TlsKey = value),
    ];

    /// <exception cref="CommandFailure">A certificate without its key, or the other way round.</exception>
    public static void Complete(ServeOptions options)
    {
        if ((options.Network.TlsCert is null) != (options.Network.TlsKey is null))
            throw new CommandFailure("--tls-cert and --tls-key must be given together.");
    }

    internal static (bool, IReadOnlyList<T>) ReadList<T>(string text, Func<string, (bool Valid, T Value)> read)
    {
        var items = text.Split(',', StringSplitOptions.TrimEntries).Select(read).ToList();
        return (items.TrueForAll(static item => item.Valid), [.. items.Select(static item => item.Value)]);
    }

    // In the form that browsers send in Origin: no path, no slash at the end, and no default port.
    private static (bool, string) ReadOrigin(string text) =>
        (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            && uri.GetLeftPart(UriPartial.Authority) == text, text);

    internal static (bool, IPNetwork) ReadNetwork(string text)
    {
        if (IPAddress.TryParse(text, out var address))
            return (true, new(address, address.GetAddressBytes().Length * 8));
        return (IPNetwork.TryParse(text, out var network), network);
    }
}
