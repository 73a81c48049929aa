using Weft.Core.Access;

namespace Weft.Serve;

/// <summary>The tokens that a coordinator creates if it requires tokens and there is no admin token yet.</summary>
/// <param name="Admin">May do everything, and create the other tokens.</param>
/// <param name="Worker">For the worker page's link: only claims and settles.</param>
internal sealed record FirstTokens(string Admin, string Worker)
{
    public override string ToString() => nameof(FirstTokens);

    /// <summary>Whether there is an admin token, which can create others.</summary>
    public static bool HasAdmin(TokenCache tokens) =>
        tokens.Live.Any(static token => token.Grant.Scopes.HasFlag(Scope.Admin));

    /// <summary>
    /// Null: there is already an admin token. Either both are created or none, by one of the coordinators that start at
    /// the same time on a store.
    /// </summary>
    public static async Task<FirstTokens?> MakeAsync(TokenCache tokens)
    {
        if (HasAdmin(tokens)) return null;
        var made = await tokens.CreateFirstAsync(new(Scope.Admin, [], "first admin"),
            new(Scope.Work, [], "first worker link"));
        return made is [var admin, var worker] ? new(admin, worker) : null;
    }
}
