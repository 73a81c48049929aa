using Weft.Http.Api;
using Weft.Http.Frozen;

namespace Weft.Http.Access;

/// <summary>Refuses, where tokens are required, requests that may not have what they ask for. Stands right behind routing.</summary>
internal static class AccessMiddleware
{
    public static void UseWeftAccess(this IApplicationBuilder app)
    {
        var access = app.ApplicationServices.GetRequiredService<AccessControl>();
        if (!access.RequiresTokens) return;
        app.Use(next => context =>
        {
            // Pages are for everybody; and what isn't a route is routing's own answer to a wrong method.
            if (context.GetEndpoint() is not RouteEndpoint route) return next(context);
            return access.Admit(context, route.Metadata.GetMetadata<RouteAccess>()) is { } refusal ? RefuseAsync(context, refusal) : next(context);
        });
    }

    /// <summary>What a request ends with whose token was revoked, or ran out, while it waited.</summary>
    public static BadHttpRequestException TokenEnded() => new("The token has ended.", StatusCodes.Status401Unauthorized);

    /// <summary>Answers 401 or 403.</summary>
    public static Task RefuseAsync(HttpContext context, int status)
    {
        var isApi = RequestErrors.IsApi(context);
        if (status == StatusCodes.Status403Forbidden) return isApi ? Problems.AnswerAsync(context, Problems.ScopeMissing) : FrozenErrors.Forbidden(context);
        context.Response.Headers.WWWAuthenticate = BearerToken.Scheme;
        return isApi ? Problems.AnswerAsync(context, Problems.Unauthorized) : FrozenErrors.Unauthorized(context);
    }
}
