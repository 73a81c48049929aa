using System.Net;
using Weft.Http.Api;
using Weft.Http.Frozen;

namespace Weft.Http.Access;

/// <summary>
/// The names by which the coordinator may be asked for. A page can give its own name this machine's address (DNS rebinding)
/// and is then, to the browser, of the same origin as the coordinator: its name gives it away. An address as the host can't be
/// rebound, so every one is taken.
/// </summary>
internal sealed class HostNames(IReadOnlyList<string> publicNames)
{
    private const string Any = "*";
    private const string Local = "localhost";
    private readonly string[] _names = [Environment.MachineName, Environment.MachineName + ".local", .. publicNames];
    private readonly bool _takesAny = publicNames.Contains(Any);

    /// <summary>Whether a request's <c>Host</c> is one of ours; one that has none comes from no browser.</summary>
    public bool Know(string host)
    {
        var name = NameOf(host);
        if (name.SequenceEqual("127.0.0.1") || name.SequenceEqual(Local) || name.IsEmpty || _takesAny) return true;
        if (IPAddress.IsValid(name) || name.EndsWith("." + Local, StringComparison.OrdinalIgnoreCase) || name.Equals(Local, StringComparison.OrdinalIgnoreCase)) return true;
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

internal static class HostNamesMiddleware
{
    /// <summary>Refuses requests for a host that this isn't.</summary>
    public static void UseWeftHostNames(this IApplicationBuilder app, IReadOnlyList<string> publicNames)
    {
        var names = new HostNames(publicNames);
        app.Use(next => context =>
        {
            if (names.Know(context.Request.Headers.Host.ToString())) return next(context);
            return RequestErrors.IsApi(context) ? Problems.AnswerAsync(context, Problems.UnknownHost) : FrozenErrors.UnknownHost(context);
        });
    }
}
