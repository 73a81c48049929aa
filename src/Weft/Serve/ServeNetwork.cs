using System.Net;

namespace Weft.Serve;

/// <summary>How others reach the coordinator.</summary>
public sealed class ServeNetwork
{
    /// <summary>
    /// The names by which clients may reach it, besides addresses, <c>localhost</c> and this machine's own; <c>*</c>:
    /// any.
    /// </summary>
    public IReadOnlyList<string> PublicNames { get; set; } = [];

    /// <summary>
    /// Other origins whose pages may use the API, such as <c>https://example.org</c>; <c>*</c>: all; empty: none.
    /// </summary>
    public IReadOnlyList<string> CorsOrigins { get; set; } = [];

    /// <summary>Proxies whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> headers are trusted.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; set; } = [];

    /// <summary>A PEM file: the certificate, followed by the rest of its chain. Null: no TLS.</summary>
    public string? TlsCert { get; set; }

    /// <summary>A PEM file: the certificate's key, not encrypted.</summary>
    public string? TlsKey { get; set; }
}
