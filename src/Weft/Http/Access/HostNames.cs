using System.Net;

namespace Weft.Http.Access;

/// <summary>
/// The host names that the coordinator accepts. A page can point its own name at this machine's address (DNS
/// rebinding), and then has the coordinator's origin in the browser; only the name in <c>Host</c> reveals it. An IP
/// address can't be rebound, so all addresses are allowed.
/// </summary>
internal sealed class HostNames(IReadOnlyList<string> publicNames)
{
    private const string Any = "*";
    private const string Local = "localhost";
    private readonly string[] _names = [Environment.MachineName, Environment.MachineName + ".local", .. publicNames];
    private readonly bool _takesAny = publicNames.Contains(Any);

    /// <summary>
    /// Whether a request's <c>Host</c> is accepted. A request without one doesn't come from a browser.
    /// </summary>
    public bool Allows(string host)
    {
        var name = NameOf(host);
        if (name.SequenceEqual("127.0.0.1") || name.SequenceEqual(Local) || name.IsEmpty || _takesAny) return true;
        if (IPAddress.IsValid(name) || name.EndsWith("." + Local, StringComparison.OrdinalIgnoreCase)) return true;
        if (name.Equals(Local, StringComparison.OrdinalIgnoreCase)) return true;
        foreach (var known in _names)
        {
            if (name.Equals(known, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    /// <summary>Without the port, the brackets of an IPv6 address, and the root's dot.</summary>
    private static ReadOnlySpan<char> NameOf(string host)
    {
        if (host.StartsWith('['))
        {
            var end = host.IndexOf(']');
            return end > 0 && (end == host.Length - 1 || host[end + 1] == ':') ? host.AsSpan(1, end - 1) : host;
        }

        var colon = host.LastIndexOf(':');
        return (colon < 0 ? host : host.AsSpan(0, colon)).TrimEnd('.');
    }
}
