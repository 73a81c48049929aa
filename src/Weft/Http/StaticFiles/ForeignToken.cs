using Microsoft.AspNetCore.Http.Extensions;

namespace Weft.Http.StaticFiles;

/// <summary>
/// A link to the console or the lab may bring a token. One on another site could make a person work with a stranger's,
/// who then sees what is submitted: the page is told where the link was, and asks. The fragment, which has the token,
/// survives the redirect, and the server never sees it. Navigations say from where they come, as for
/// <see cref="ForeignStart"/>.
/// </summary>
internal static class ForeignToken
{
    /// <summary>Tells the page (settings.js) that a page of another site has led to it.</summary>
    private const string Mark = "elsewhere";

    private static readonly string[] Pages = ["/", "/index.html", "/lab/", "/lab/index.html"];

    /// <summary>
    /// Where to send the browser instead, relative to the page; null: the page is meant to be answered.
    /// </summary>
    public static string? RedirectOf(HttpRequest request)
    {
        if (!Pages.Contains(request.Path.Value, StringComparer.OrdinalIgnoreCase)) return null;
        var site = request.Headers["Sec-Fetch-Site"];
        if (site.Count == 0 || site is ["same-origin" or "none"] || IsMarked(request.QueryString.Value)) return null;
        return $"./{new QueryBuilder(request.Query) { { Mark, "1" } }}";
    }

    // To the letter as the page looks for it: what only one of both took for a mark would be none.
    private static bool IsMarked(string? query) =>
        query is not null && (query.EndsWith($"?{Mark}=1", StringComparison.Ordinal)
            || query.EndsWith($"&{Mark}=1", StringComparison.Ordinal));
}
