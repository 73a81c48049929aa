using Microsoft.AspNetCore.HttpOverrides;

namespace Weft.Serve;

/// <summary>Accepts <c>X-Forwarded-*</c> headers from trusted proxies, and from no one else.</summary>
internal static class TrustedProxies
{
    public static void UseTrustedProxies(this IApplicationBuilder app, IReadOnlyList<System.Net.IPNetwork> proxies)
    {
        if (proxies.Count == 0) return;
        // No limit of hops: the chain is followed from the right for as long as each address is a trusted proxy. The
        // host isn't forwarded: proxies pass it on as Host, and a client's value is checked against our names.
        var options = new ForwardedHeadersOptions
            { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
                ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies) options.KnownIPNetworks.Add(proxy);
        app.UseForwardedHeaders(options);
    }
}
