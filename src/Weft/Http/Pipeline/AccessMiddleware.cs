using Weft.Core.Access;
using Weft.Http.Access;
using Weft.Http.Errors;

namespace Weft.Http.Pipeline;

/// <summary>
/// If tokens are required, refuses requests whose token doesn't allow the route. Comes directly after routing.
/// </summary>
internal static class AccessMiddleware
{
    public static void UseWeftAccess(this IApplicationBuilder app)
    {
        var access = app.ApplicationServices.GetRequiredService<AccessControl>();
        if (!access.RequiresTokens) return;
        app.Use(next => context =>
        {
            // Pages are public, and an endpoint that isn't a route is routing's own response to a wrong method.
            if (context.GetEndpoint() is not RouteEndpoint route) return next(context);
            var rule = route.Metadata.GetMetadata<RouteAccess>();
            return access.Admit(context, rule) switch
            {
                null => next(context),
                StatusCodes.Status403Forbidden => ForbidAsync(context, access, rule),
                _ => RefuseTokenAsync(context),
            };
        });
    }

    /// <summary>Answers 401: there is no valid token.</summary>
    public static Task RefuseTokenAsync(HttpContext context)
    {
        RequestMeter.Refused(context, RefusedBy.Token);
        context.Response.Headers.WWWAuthenticate = BearerToken.Scheme;
        var errors = ErrorSurface.Of(context);
        return BearerToken.IsAbsent(context) ? errors.TokenMissing(context) : errors.TokenInvalid(context);
    }

    private static Task ForbidAsync(HttpContext context, AccessControl access, RouteAccess? rule)
    {
        RequestMeter.Refused(context, RefusedBy.Token);
        var needed = string.Join(" or ", ScopeText.Of((rule?.AnyOf ?? Scope.None) | Scope.Admin));
        var presented = string.Join(", ", ScopeText.Of(access.PresentedBy(context)));
        return ErrorSurface.Of(context).ScopeMissing(context, needed, presented);
    }
}
