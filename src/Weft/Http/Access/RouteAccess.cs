using Weft.Core.Access;

namespace Weft.Http.Access;

/// <summary>Who may use a route. Every route says it in its metadata; one that doesn't is never served.</summary>
/// <param name="AnyOf">A token needs one of these scopes; <see cref="Scope.None"/>: no token is needed.</param>
/// <param name="IsFrozen">One of those that old clients speak, who have no tokens.</param>
internal sealed record RouteAccess(Scope AnyOf, bool IsFrozen = false)
{
    public bool IsPublic => AnyOf == Scope.None;
}

/// <summary>Marks routes with who may use them.</summary>
internal static class RouteAccessExtensions
{
    /// <summary>Open to tokens that have one of the scopes. <see cref="Scope.Admin"/> has them all and needn't be named.</summary>
    public static T RequireScope<T>(this T route, Scope anyOf) where T : IEndpointConventionBuilder => route.WithMetadata(new RouteAccess(anyOf));

    /// <summary>The same for a route of the frozen surface, which <c>--legacy-open</c> leaves open.</summary>
    public static T RequireScopeOnFrozen<T>(this T route, Scope anyOf) where T : IEndpointConventionBuilder => route.WithMetadata(new RouteAccess(anyOf, IsFrozen: true));

    /// <summary>Open to anybody, with or without a token: says nothing that a stranger may not know.</summary>
    public static T AllowAnybody<T>(this T route) where T : IEndpointConventionBuilder => route.WithMetadata(new RouteAccess(Scope.None));

    /// <summary>The routes that don't say who may use them.</summary>
    public static IEnumerable<Endpoint> WithoutAccess(this IEndpointRouteBuilder routes) =>
        routes.DataSources.SelectMany(static source => source.Endpoints).Where(static endpoint => endpoint.Metadata.GetMetadata<RouteAccess>() is null);

    /// <summary>Stops a coordinator from starting that would have a route whose access nobody decided on.</summary>
    public static void RequireAccessOnAll(this IEndpointRouteBuilder routes)
    {
        if (routes.WithoutAccess().FirstOrDefault() is { } forgotten) throw new InvalidOperationException($"{forgotten.DisplayName} says neither RequireScope nor AllowAnybody.");
    }
}
