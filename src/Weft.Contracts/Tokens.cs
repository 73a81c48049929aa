namespace Weft.Contracts;

/// <summary>A token to create.</summary>
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

    /// <summary>Human-readable: 1 to 128 characters.</summary>
    public string? Name { get; init; }
}

/// <summary>A token's record.</summary>
/// <param name="Id">Identifies it in lists and for revocation; not secret.</param>
/// <param name="Queues">Null: all.</param>
/// <param name="ExpiresAt">Null: never.</param>
/// <param name="Token">Its text, only in the response that created it.</param>
public sealed record TokenInfo(
    long Id, IReadOnlyList<string> Scopes, IReadOnlyList<string>? Queues, string? Name, DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt, string? Token = null)
{
    /// <summary>Without the text: a record's own text would leak it into logs.</summary>
    public override string ToString() => $"token {Id}";
}

/// <param name="Tokens">Oldest first, including expired ones until they are revoked.</param>
public sealed record TokenList(IReadOnlyList<TokenInfo> Tokens);

/// <param name="Revoked">The token's id.</param>
public sealed record TokenRevoked(long Revoked);
