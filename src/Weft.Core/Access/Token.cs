namespace Weft.Core.Access;

/// <summary>A token's number: ascending from 1, never reused by a store. It is not a secret.</summary>
public readonly record struct TokenId(long Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>What a token allows.</summary>
/// <param name="Scopes">At least one.</param>
/// <param name="Queues">The only queues to submit to and claim from; empty: all. Limits only <see cref="Scope.Submit"/>
/// and <see cref="Scope.Work"/>.</param>
/// <param name="Name">Human-readable; null for none.</param>
/// <param name="ExpiresAt">Null: never.</param>
public sealed record TokenGrant(Scope Scopes, IReadOnlyList<string> Queues, string? Name = null,
    DateTimeOffset? ExpiresAt = null);

/// <summary>A stored token: without its text, which can't be derived from this.</summary>
/// <param name="Hash">SHA-256 of its text.</param>
public sealed record StoredToken(TokenId Id, TokenGrant Grant, DateTimeOffset CreatedAt, ReadOnlyMemory<byte> Hash)
{
    public bool IsLive(DateTimeOffset now) => Grant.ExpiresAt is not { } end || now < end;
}
