using Weft.Core.Access;

namespace Weft.Http.Access;

/// <summary>Who may use a route, as metadata that every route must have: a route without it is never served.</summary>
/// <param name="AnyOf">A token needs one of these scopes; <see cref="Scope.None"/>: no token is needed.</param>
/// <param name="IsFrozen">A route of the existing clients, which have no tokens.</param>
internal sealed record RouteAccess(Scope AnyOf, bool IsFrozen = false)
{
    public bool IsPublic => AnyOf == Scope.None;
}

/// <summary>Adds <see cref="RouteAccess"/> to routes.</summary>
internal static class RouteAccessExtensions
{
    /// <summary>
    /// Open to tokens with one of the scopes. <see cref="Scope.Admin"/> includes them all and needn't be named.
    /// </summary>
    public static T RequireScope<T>(this T route, Scope anyOf)
        where T : IEndpointConventionBuilder => route.WithMetadata(new RouteAccess(anyOf));

    /// <summary>The same for a route of the frozen surface, which <c>--legacy-open</c> leaves open.</summary>
    public static T RequireScopeOnFrozen<T>(this T route, Scope anyOf)
        where T : IEndpointConventionBuilder => route.WithMetadata(new RouteAccess(anyOf, IsFrozen: true));

    /// <summary>Public, with or without a token: reveals nothing confidential.</summary>
    public static T AllowAnybody<T>(this T route)
        where T : IEndpointConventionBuilder => route.WithMetadata(new RouteAccess(Scope.None));

    /// <summary>The routes without <see cref="RouteAccess"/>.</summary>
    public static IEnumerable<Endpoint> WithoutAccess(this IEndpointRouteBuilder routes) =>
        routes.DataSources.SelectMany(static source => source.Endpoints)
            .Where(static endpoint => endpoint.Metadata.GetMetadata<RouteAccess>() is null);

    /// <summary>Fails the start of a coordinator that has a route without <see cref="RouteAccess"/>.</summary>
    public static void RequireAccessOnAll(this IEndpointRouteBuilder routes)
    {
        if (routes.WithoutAccess().FirstOrDefault() is { } forgotten)
            throw new InvalidOperationException($"{forgotten.DisplayName} says neither RequireScope nor AllowAnybody.");
    }
}
