using Microsoft.AspNetCore.Http.Extensions;

namespace Weft.Http.StaticFiles;

/// <summary>
/// A link to the console or the lab may contain a token. One on another site could make a person work with someone
/// else's token, whose owner then sees what is submitted: the page learns where the link was, and asks. The fragment,
/// which has the token, survives the redirect, and the server never sees it. Navigations carry their source, as for
/// <see cref="ForeignStart"/>.
/// </summary>
internal static class ForeignToken
{
    /// <summary>Tells the page (settings.js) that a page of another site has linked to it.</summary>
    private const string Mark = "elsewhere";

    private static readonly string[] Pages = ["/", "/index.html", "/lab/", "/lab/index.html"];

    /// <summary>Where to redirect the browser, relative to the page; null: serve the page.</summary>
    public static string? RedirectOf(HttpRequest request)
    {
        if (!Pages.Contains(request.Path.Value, StringComparer.OrdinalIgnoreCase)) return null;
        var site = request.Headers["Sec-Fetch-Site"];
        if (site.Count == 0 || site is ["same-origin" or "none"] || IsMarked(request.QueryString.Value)) return null;
        return $"./{new QueryBuilder(request.Query) { { Mark, "1" } }}";
    }

    // Exactly as the page looks for it: if only one side recognized the mark, it would have no effect.
    private static bool IsMarked(string? query) =>
        query is not null && (query.EndsWith($"?{Mark}=1", StringComparison.Ordinal)
            || query.EndsWith($"&{Mark}=1", StringComparison.Ordinal));
}
