using Microsoft.AspNetCore.Http.Extensions;

namespace Weft.Http.StaticFiles;

/// <summary>
/// With <c>?start=1</c>, the worker page starts automatically. A link on another site must not make its visitors
/// compute: they get the page without the parameter, and with its button. Browsers send the site that a navigation
/// comes from (<c>Sec-Fetch-Site</c>), and pages can neither change nor omit that header, unlike the referrer.
/// </summary>
internal static class ForeignStart
{
    private const string Page = "/worker/";
    private const string Start = "start";

    /// <summary>Where to redirect the browser, relative to the page; null: serve the page.</summary>
    public static string? RedirectOf(HttpRequest request)
    {
        if (!request.Path.StartsWithSegments(Page.TrimEnd('/'), StringComparison.OrdinalIgnoreCase)) return null;
        if (!request.Query.ContainsKey(Start)) return null;
        var site = request.Headers["Sec-Fetch-Site"];
        // "none": typed into the address bar, a bookmark, another program.
        if (site.Count == 0 || site is ["same-origin" or "none"]) return null;
        var rest =
            new QueryBuilder(
                request.Query.Where(static pair => !pair.Key.Equals(Start, StringComparison.OrdinalIgnoreCase)));
        return $"./{rest}";
    }
}
