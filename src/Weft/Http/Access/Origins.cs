namespace Weft.Http.Access;

/// <summary>
/// Which pages may use the API: the coordinator's own, and those of listed origins. Browsers send the origin of each
/// request (Fetch Metadata, W3C; <c>Origin</c>, RFC 6454), and no page can change these headers. Other programs don't
/// send them. The frozen surface is open to pages of all origins.
/// </summary>
/// <param name="listed">In the form that browsers use, such as <c>https://example.org</c>; <c>*</c>: all.</param>
/// <param name="publicNames">The coordinator's own host names, for when a proxy rewrites <c>Host</c>.</param>
internal sealed class Origins(IReadOnlyList<string> listed, IReadOnlyList<string> publicNames)
{
    /// <summary>The value for all origins, in the setting and in <c>Access-Control-Allow-Origin</c>.</summary>
    public const string Any = "*";

    private const string FetchSite = "Sec-Fetch-Site";
    private readonly bool _listsAny = listed.Contains(Any);

    /// <summary>Whether responses differ by the request's origin.</summary>
    public bool ListsSome => listed.Count > 0 && !_listsAny;

    /// <summary>
    /// The value of <c>Access-Control-Allow-Origin</c>; null: none, and browsers withhold the answer from the page.
    /// </summary>
    public string? AllowedOf(HttpRequest request)
    {
        if (_listsAny) return Any;
        if (listed.Count == 0) return null;
        var origin = request.Headers.Origin.ToString();
        return listed.Contains(origin) ? origin : null;
    }

    /// <summary>
    /// Whether a request may use the API. A request from another site, from another port of the same name, or from a
    /// page without an origin may not.
    /// </summary>
    public bool Admit(HttpRequest request)
    {
        var site = request.Headers[FetchSite];
        var origin = request.Headers.Origin;
        if (site.Count == 0 && origin.Count == 0) return true;
        // "none": typed into the address bar, or a bookmark.
        if (site.Count == 1 && site[0] is "same-origin" or "none") return true;
        if (_listsAny || (listed.Count > 0 && listed.Contains(origin.ToString()))) return true;
        // Over plain http, except to localhost, browsers omit the site.
        return site.Count == 0 && IsOwn(origin.ToString(), request.Headers.Host.ToString());
    }

    private bool IsOwn(ReadOnlySpan<char> origin, ReadOnlySpan<char> host)
    {
        var isTls = origin.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        if (!isTls && !origin.StartsWith("http://", StringComparison.OrdinalIgnoreCase)) return false;
        // A proxy that terminates TLS connects by http, so the scheme is not reliable.
        var authority = origin[(isTls ? "https://" : "http://").Length..];
        if (WithoutPort(authority, isTls).Equals(WithoutPort(host, isTls), StringComparison.OrdinalIgnoreCase))
            return true;
        var port = authority.LastIndexOf(':');
        var name = port < 0 ? authority : authority[..port];
        foreach (var known in publicNames)
        {
            if (name.Equals(known, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    /// <summary>Without the default port: browsers omit it, proxies may not.</summary>
    private static ReadOnlySpan<char> WithoutPort(ReadOnlySpan<char> authority, bool isTls)
    {
        var port = isTls ? ":443" : ":80";
        return authority.EndsWith(port, StringComparison.Ordinal) ? authority[..^port.Length] : authority;
    }
}
