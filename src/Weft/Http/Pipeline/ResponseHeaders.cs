using Microsoft.Net.Http.Headers;
using Weft.Http.Access;
using Weft.Http.Errors;

namespace Weft.Http.Pipeline;

/// <summary>
/// The headers of every response, whatever its status, and the response to every OPTIONS. COOP and COEP make a page
/// cross-origin isolated; CORP and CORS let pages of other origins use the frozen surface and our files. Whether they
/// may use the API is decided by <see cref="Origins"/>.
/// </summary>
internal static class ResponseHeaders
{
    // One year, without includeSubDomains: other hosts of the domain are not ours to constrain.
    private const string Hsts = "max-age=31536000";
    private const string Allowed = "Content-Type, Authorization, Idempotency-Key";

    /// <param name="app">The application.</param>
    /// <param name="origins">Which pages may read the API's responses.</param>
    /// <param name="isTls">Whether this process itself serves https: only then is HSTS sent.</param>
    public static IApplicationBuilder UseWeftResponseHeaders(
        this IApplicationBuilder app, Origins origins, bool isTls) =>
        app.Use(next => context =>
        {
            var headers = context.Response.Headers;
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Embedder-Policy"] = "require-corp";
            headers["Cross-Origin-Resource-Policy"] = "cross-origin";
            var isApi = ErrorSurface.IsApi(context);
            if (!isApi) headers.AccessControlAllowOrigin = Origins.Any;
            else AllowOrigin(context, origins);
            headers.AccessControlAllowMethods = "GET, POST, PUT, DELETE, OPTIONS";
            headers.AccessControlAllowHeaders = isApi ? $"{Allowed}, traceparent, tracestate" : Allowed;
            headers.XContentTypeOptions = "nosniff";
            if (isTls) headers.StrictTransportSecurity = Hsts;
            return next(context);
        });

    /// <summary>Answers OPTIONS. Comes after the rate limit of addresses, since a response takes time too.</summary>
    public static IApplicationBuilder UseWeftOptions(this IApplicationBuilder app) => app.Use(static next => context =>
    {
        if (!HttpMethods.IsOptions(context.Request.Method)) return next(context);
        // 200, not 204: the existing clients' test script requires it.
        context.Response.ContentLength = 0;
        return Task.CompletedTask;
    });

    private static void AllowOrigin(HttpContext context, Origins origins)
    {
        // A browser expects its page's own origin in the response, so the response varies by it.
        if (origins.ListsSome) context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Origin);
        if (origins.AllowedOf(context.Request) is { } origin)
            context.Response.Headers.AccessControlAllowOrigin = origin;
    }
}
