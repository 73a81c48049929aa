namespace Weft.Http;

/// <summary>
/// The headers of every response, whatever its status, and the answer to every OPTIONS.
/// COOP and COEP make a page cross-origin isolated; CORP and CORS let pages of other origins use the API.
/// </summary>
public static class ResponseHeaders
{
    public static IApplicationBuilder UseWeftResponseHeaders(this IApplicationBuilder app) => app.Use(static next => context =>
    {
        var headers = context.Response.Headers;
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Embedder-Policy"] = "require-corp";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlAllowMethods = "GET, POST, PUT, DELETE, OPTIONS";
        headers.AccessControlAllowHeaders = "Content-Type, Authorization, Idempotency-Key";
        headers.XContentTypeOptions = "nosniff";
        if (!HttpMethods.IsOptions(context.Request.Method)) return next(context);

        // 200, not 204: the old clients' test script insists.
        context.Response.ContentLength = 0;
        return Task.CompletedTask;
    });
}
