using Weft.Http.Access;
using Weft.Http.Errors;

namespace Weft.Http.Pipeline;

internal static class OriginsMiddleware
{
    /// <summary>Refuses API requests from pages of other origins, before any of the body is read.</summary>
    public static void UseWeftOrigins(this IApplicationBuilder app, Origins origins) => app.Use(next => context =>
        !ErrorSurface.IsApi(context) || origins.Admit(context.Request) ? next(context)
            : Problems.AnswerAsync(context, Problems.CrossSite));
}
