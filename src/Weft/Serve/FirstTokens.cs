using Weft.Core.Access;

namespace Weft.Serve;

/// <summary>The tokens that a coordinator makes for its owner when it requires tokens and nobody could make any.</summary>
/// <param name="Admin">May do everything, and make the other tokens.</param>
/// <param name="Worker">For the worker page's link: claims and settles, no more.</param>
internal sealed record FirstTokens(string Admin, string Worker)
{
    public override string ToString() => nameof(FirstTokens);

    /// <summary>Null: there is an admin already.</summary>
    public static async Task<FirstTokens?> MakeAsync(TokenBook book)
    {
        if (book.Live.Any(static token => token.Grant.Scopes.HasFlag(Scope.Admin))) return null;
        // Both or none is told: without room for the second, the first would be lost on its maker.
        if (await book.CreateAsync(new(Scope.Work, [], "first worker link")) is not var (_, worker)) return null;
        return await book.CreateAsync(new(Scope.Admin, [], "first admin")) is var (_, admin) ? new(admin, worker) : null;
    }
}
