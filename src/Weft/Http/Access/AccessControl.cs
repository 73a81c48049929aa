using Weft.Core.Access;
using Weft.Http.Bounds;

namespace Weft.Http.Access;

/// <summary>
/// Finds the caller of a request. Where no tokens are required that is <see cref="Caller.Anybody"/>, without a lookup.
/// </summary>
internal sealed class AccessControl(bool requiresTokens, bool legacyOpen, TokenCache tokens, TimeProvider time)
{
    public bool RequiresTokens => requiresTokens;

    public Caller CallerOf(HttpContext context) =>
        requiresTokens
            ? context.Features.Get<Caller>()
                ?? throw new InvalidOperationException("The request came past access control.") : Caller.Anybody;

    /// <summary>
    /// Whether the request's token was revoked or expired since the request came in: it gets nothing any more.
    /// </summary>
    public bool HasEnded(HttpContext context) => requiresTokens && CallerOf(context).HasEnded(time.GetUtcNow());

    /// <summary>
    /// Makes sure that the request's token is still valid, before anything is done with what the request has waited
    /// for.
    /// </summary>
    /// <exception cref="RequestRefusedException">401: it isn't.</exception>
    public static void EnsureNotEnded(HttpContext context)
    {
        if (context.RequestServices.GetRequiredService<AccessControl>().HasEnded(context)) throw TokenEnded();
    }

    /// <summary>How a request ends whose token was revoked or expired while it waited.</summary>
    public static RequestRefusedException TokenEnded() =>
        new(StatusCodes.Status401Unauthorized, "The token has expired or was revoked.");

    /// <summary>The scopes of the token that the request brings, whether or not they are enough.</summary>
    public Scope PresentedBy(HttpContext context) =>
        tokens.Find(BearerToken.Of(context))?.Token?.Grant.Scopes ?? Scope.None;

    /// <summary>Admits the request and notes its caller, or returns the status of its refusal.</summary>
    public int? Admit(HttpContext context, RouteAccess? access)
    {
        if (access is null) return StatusCodes.Status403Forbidden;
        if (access.IsPublic) return null;
        if (BearerToken.IsAbsent(context) && legacyOpen && access.IsFrozen)
        {
            context.Features.Set(Caller.Legacy);
            return null;
        }

        if (tokens.Find(BearerToken.Of(context)) is not { } caller) return StatusCodes.Status401Unauthorized;
        if (!caller.Has(access.AnyOf)) return StatusCodes.Status403Forbidden;
        context.Features.Set(caller);
        return null;
    }
}
