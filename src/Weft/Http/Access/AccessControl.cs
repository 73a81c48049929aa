using Weft.Core.Access;

namespace Weft.Http.Access;

/// <summary>Who makes a request. Where no tokens are required everybody is <see cref="Caller.Anybody"/>, and nothing is looked up.</summary>
internal sealed class AccessControl(bool requiresTokens, bool legacyOpen, TokenBook tokens, TimeProvider time)
{
    public bool RequiresTokens => requiresTokens;

    public Caller CallerOf(HttpContext context) =>
        requiresTokens ? context.Features.Get<Caller>() ?? throw new InvalidOperationException("The request came past access control.") : Caller.Anybody;

    /// <summary>How long the request may wait that wants to: not past the end of its token.</summary>
    public TimeSpan Cut(HttpContext context, TimeSpan wait) => requiresTokens ? CallerOf(context).Cut(wait, time.GetUtcNow()) : wait;

    /// <summary>Whether the request's token has ended since it came in: it gets nothing any more.</summary>
    public bool HasEnded(HttpContext context) => requiresTokens && CallerOf(context).HasEnded(time.GetUtcNow());

    /// <summary>Lets the request pass as somebody, or says with which status it is refused.</summary>
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
