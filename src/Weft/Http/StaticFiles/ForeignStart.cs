using Microsoft.AspNetCore.Http.Extensions;

namespace Weft.Http.StaticFiles;

/// <summary>
/// The worker page starts by itself with <c>?start=1</c>. A link on another site must not make its visitors compute:
/// they get the page without that, and its button. Browsers say which site a navigation comes from
/// (<c>Sec-Fetch-Site</c>), and pages can't change that, nor leave it out as they can the referrer.
/// </summary>
internal static class ForeignStart
{
    private const string Page = "/worker/";
    private const string Start = "start";

    /// <summary>
    /// Where to send the browser instead, relative to the page; null: the page is meant to be answered.
    /// </summary>
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
