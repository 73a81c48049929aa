using Weft.Http.Access;
using Weft.Http.Errors;

namespace Weft.Http.Pipeline;

internal static class HostNamesMiddleware
{
    /// <summary>Refuses requests for a host that the coordinator doesn't serve.</summary>
    public static void UseWeftHostNames(this IApplicationBuilder app, IReadOnlyList<string> publicNames)
    {
        var names = new HostNames(publicNames);
        app.Use(next => context =>
            names.Allows(context.Request.Headers.Host.ToString()) ? next(context) : RefuseAsync(context));
    }

    private static Task RefuseAsync(HttpContext context)
    {
        RequestMeter.Refused(context, RefusedBy.Host);
        return ErrorSurface.Of(context).UnknownHost(context);
    }
}
