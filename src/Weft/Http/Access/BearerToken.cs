namespace Weft.Http.Access;

/// <summary>
/// The token of a request: <c>Authorization: Bearer …</c>, and nowhere else, since URLs end up in logs.
/// </summary>
internal static class BearerToken
{
    public const string Scheme = "Bearer";

    public static bool IsAbsent(HttpContext context) => context.Request.Headers.Authorization.Count == 0;

    /// <summary>The value in place of a token; empty if there is none, or more than one.</summary>
    public static ReadOnlySpan<char> Of(HttpContext context)
    {
        var given = context.Request.Headers.Authorization;
        if (given.Count != 1) return default;
        var text = given[0].AsSpan();
        return text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && text.Length > Scheme.Length
            && text[Scheme.Length] == ' '
            ? text[Scheme.Length..].Trim(' ')
            : default;
    }
}
