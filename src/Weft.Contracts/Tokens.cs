namespace Weft.Contracts;

/// <summary>A token to be made.</summary>
/// <param name="Scopes">At least one of <c>submit</c>, <c>work</c>, <c>read</c>, <c>admin</c>.</param>
public sealed record TokenRequest(IReadOnlyList<string> Scopes)
{
    /// <summary>
    /// The only queues that its holder may submit to and claim from, at most 32; null: all. Only with <c>submit</c> and
    /// <c>work</c>.
    /// </summary>
    public IReadOnlyList<string>? Queues { get; init; }

    /// <summary>1 s to 3660 days; null: it never expires.</summary>
    public double? ExpiresInSeconds { get; init; }

    /// <summary>For people: 1 to 128 characters.</summary>
    public string? Name { get; init; }
}

/// <summary>A token as the coordinator knows it.</summary>
/// <param name="Id">Names it in lists and where it is revoked; no secret.</param>
/// <param name="Queues">Null: all.</param>
/// <param name="ExpiresAt">Null: never.</param>
/// <param name="Token">Its text, in the answer that made it and never again.</param>
public sealed record TokenInfo(
    long Id, IReadOnlyList<string> Scopes, IReadOnlyList<string>? Queues, string? Name, DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt, string? Token = null)
{
    /// <summary>Without the text: a record would write it into every log that it gets into.</summary>
    public override string ToString() => $"token {Id}";
}

/// <param name="Tokens">The oldest first; expired ones too, until they are revoked.</param>
public sealed record TokenList(IReadOnlyList<TokenInfo> Tokens);

/// <param name="Revoked">The token's id.</param>
public sealed record TokenRevoked(long Revoked);
