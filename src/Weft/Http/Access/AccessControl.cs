using Weft.Core.Access;
using Weft.Http.Bounds;

namespace Weft.Http.Access;

/// <summary>
/// Finds the caller of a request. If no tokens are required, that is <see cref="Caller.Anybody"/>, without a lookup.
/// </summary>
internal sealed class AccessControl(bool requiresTokens, bool legacyOpen, TokenCache tokens, TimeProvider time)
{
    public bool RequiresTokens => requiresTokens;

    public Caller CallerOf(HttpContext context) =>
        requiresTokens
            ? context.Features.Get<Caller>()
                ?? throw new InvalidOperationException("The request bypassed access control.") : Caller.Anybody;

    /// <summary>
    /// Whether the request's token was revoked or expired after the request arrived: it must get no more data.
    /// </summary>
    public bool HasEnded(HttpContext context) => requiresTokens && CallerOf(context).HasEnded(time.GetUtcNow());

    /// <summary>Checks that the request's token is still valid after a wait, before the result is used.</summary>
    /// <exception cref="RequestRefusedException">401: it is no longer valid.</exception>
    public static void EnsureNotEnded(HttpContext context)
    {
        if (context.RequestServices.GetRequiredService<AccessControl>().HasEnded(context)) throw TokenEnded();
    }

    /// <summary>Ends a request whose token was revoked or expired during a wait.</summary>
    public static RequestRefusedException TokenEnded() =>
        new(StatusCodes.Status401Unauthorized, "The token has expired or was revoked.");

    /// <summary>The scopes of the request's token, whether or not they are sufficient.</summary>
    public Scope PresentedBy(HttpContext context) =>
        tokens.Find(BearerToken.Of(context))?.Token?.Grant.Scopes ?? Scope.None;

    /// <summary>Admits the request and stores its caller, or returns the status of its refusal.</summary>
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
