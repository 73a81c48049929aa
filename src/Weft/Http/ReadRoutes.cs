namespace Weft.Http;

/// <summary>Routes that only read.</summary>
internal static class ReadRoutes
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Maps GET, and HEAD with the same headers: the server leaves the body out.</summary>
    public static IEndpointConventionBuilder MapRead(this IEndpointRouteBuilder routes, string pattern,
        RequestDelegate handler) => routes.MapMethods(pattern, Methods, handler);
}
