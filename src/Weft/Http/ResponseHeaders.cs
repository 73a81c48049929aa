using Microsoft.Net.Http.Headers;

namespace Weft.Http;

/// <summary>
/// The headers of every response, whatever its status, and the answer to every OPTIONS.
/// COOP and COEP make a page cross-origin isolated; CORP and CORS let pages of other origins use the API.
/// </summary>
public static class ResponseHeaders
{
    // A year, for this name alone: what its owner serves under others is their affair.
    private const string Hsts = "max-age=31536000";

    /// <param name="app">What is put together.</param>
    /// <param name="origins">Whose pages may read answers; empty: all.</param>
    /// <param name="isTls">Whether this program itself serves https: only then may browsers be told to come by nothing else.</param>
    public static IApplicationBuilder UseWeftResponseHeaders(this IApplicationBuilder app, IReadOnlyList<string> origins, bool isTls) => app.Use(next => context =>
    {
        var headers = context.Response.Headers;
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Embedder-Policy"] = "require-corp";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        if (origins.Count == 0) headers.AccessControlAllowOrigin = "*";
        else AllowOrigin(context, origins);
        headers.AccessControlAllowMethods = "GET, POST, PUT, DELETE, OPTIONS";
        headers.AccessControlAllowHeaders = "Content-Type, Authorization, Idempotency-Key";
        headers.XContentTypeOptions = "nosniff";
        if (isTls) headers.StrictTransportSecurity = Hsts;
        if (!HttpMethods.IsOptions(context.Request.Method)) return next(context);

        // 200, not 204: the old clients' test script insists.
        context.Response.ContentLength = 0;
        return Task.CompletedTask;
    });

    /// <summary>A browser wants its page's own origin said back, so the answer differs by it.</summary>
    private static void AllowOrigin(HttpContext context, IReadOnlyList<string> origins)
    {
        context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Origin);
        var origin = context.Request.Headers.Origin.ToString();
        if (origins.Contains(origin)) context.Response.Headers.AccessControlAllowOrigin = origin;
    }
}
